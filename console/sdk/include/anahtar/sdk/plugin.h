// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <string>
#include <vector>

#include "abi.h"
#include "change.h"
#include "code_form.h"
#include "desk.h"
#include "form.h"
#include "outcome.h"
#include "secret.h"
#include "text.h"

namespace anahtar::sdk {

/// What of the outside an action may use. One that is not declared is not there.
enum class Port {
  registry,
  call,
  codes,
  civil_registry,
  new_number,
  identity_document,
  call_pin,
  call_back,
  previous_number,
  card,
  card_response,
  card_record,
  card_puk
};

/// One thing that an operator can do for a subscriber: a straight-line function and what the console must know of it.
struct Action {
  std::string id;  ///< unique over all plugins, e.g. "password.unblock"; policy refers to it
  Text title;
  std::vector<Port> needs = {};
  /// The verification method that the action establishes (e.g. "sms_code"); empty for a service.
  std::string verifies = {};
  Outcome (*run)(Desk&) = nullptr;
};

struct Plugin {
  Text title;
  std::vector<Action> actions;
};

}  // namespace anahtar::sdk

/// Exports a plugin: its descriptor, readable in the file, and the one function that the console calls.
/// Use once per plugin, outside any namespace: ANAHTAR_PLUGIN("password-unblock", "1.0.0", describe)
#define ANAHTAR_PLUGIN(plugin_id, plugin_version, describe_function)                                            \
  extern "C" __attribute__((section("anahtar_plugin"), used, visibility("default")))                            \
  const anahtar::sdk::Descriptor anahtar_descriptor = {"ANAHTAR-PLUGIN", 1, sizeof(anahtar::sdk::Descriptor),     \
                                                       ANAHTAR_ABI_STAMP, plugin_id, plugin_version};             \
  extern "C" __attribute__((visibility("default"))) void anahtar_describe(anahtar::sdk::Plugin& out) {            \
    out = describe_function();                                                                                   \
  }
