// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <vector>

#include "core/actions.h"
#include "core/approvals.h"
#include "core/audit_trail.h"
#include "core/call_backs.h"
#include "core/card_room.h"
#include "core/directory.h"
#include "core/gateway_board.h"
#include "core/hints.h"
#include "core/policies.h"
#include "core/recordings.h"
#include "core/sign_in.h"
#include "core/stranded_messages.h"
#include "core/subscriber_import.h"
#include "core/tickets.h"

namespace anahtar::core {

/// What a demo's caller sees on their telephone.
struct PhoneMessage {
  Time at{};
  std::string to;    ///< E.164, or a mail address
  std::string text;  ///< shown in the demo only
};
class DemoPhone {
 public:
  virtual ~DemoPhone() = default;
  /// Newest first. [any]
  virtual std::vector<PhoneMessage> messages() = 0;
};

/// Cards that a demo puts into its reader.
class DemoCards {
 public:
  virtual ~DemoCards() = default;
  struct Choice {
    std::string id;  ///< e.g. "piv"
    Text title;
  };
  virtual std::vector<Choice> choices() = 0;
  virtual Result<> insert(const std::string& id) = 0;
  virtual Result<> remove() = 0;
};

/// Everything that a front end may call, connected by app. Front ends keep no other reference to the program.
struct Services {
  SignIn& sign_in;
  Operators& operators;
  Directory& directory;
  Tickets& tickets;
  VerificationDesk& verification;
  Actions& actions;
  AuditTrail& audit;
  SubscriberImport& import;
  const PluginCatalogue& plugins;
  const Clock& clock;
  DemoPhone* demo_phone;       ///< only in a demo database
  std::string database_label;  ///< e.g. "demo.db", for the status bar
  Policies* policies = nullptr;    ///< null: the policy cannot be changed here
  Approvals* approvals = nullptr;  ///< null: nothing here can wait for four eyes
  Outbox* outbox = nullptr;         ///< null: messages cannot be followed here
  GatewayBoard* gateways = nullptr;
  CallBacks* call_backs = nullptr;
  Recordings* recordings = nullptr;
  Hints* hints = nullptr;
  CardRoom* cards = nullptr;       ///< null: no card readers here
  DemoCards* demo_cards = nullptr; ///< only in a demo database
  StrandedMessages* stranded = nullptr;  ///< messages of other devices that nobody sends
};

}  // namespace anahtar::core
