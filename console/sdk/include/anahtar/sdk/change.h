// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <map>
#include <string>
#include <utility>

namespace anahtar::sdk {

/// What an action wants done to the subscriber of its ticket, as a value: applied by the console in one transaction
/// with its audit record, or kept until four eyes have seen it. It never holds a secret.
struct Change {
  std::string kind;                               ///< e.g. "password.unblock"; the console knows how to apply it
  std::map<std::string, std::string> parameters;  ///< sealed in the record

  /// The portal password becomes active again and the failed tries go back to 0.
  static Change unblock_password(std::string cause, std::string note = {}) {
    return {"password.unblock", {{"cause", std::move(cause)}, {"note", std::move(note)}}};
  }
  /// `mobile` (E.164) becomes the registered number. Applied only if the console itself saw it confirmed in this run.
  static Change update_phone(std::string mobile) { return {"phone.update", {{"mobile", std::move(mobile)}}}; }
  /// The number that was registered before the last update is registered again. Applied only while that can be undone
  /// and the console itself saw the call come from it in this run.
  static Change undo_phone_update(std::string note = {}) { return {"phone.undo", {{"note", std::move(note)}}}; }
  /// The portal gets a new security word, made when the change is applied. `delivery` is "sms", "email" or "spoken".
  static Change reset_security_word(std::string delivery, std::string note = {}) {
    return {"security_word.reset", {{"delivery", std::move(delivery)}, {"note", std::move(note)}}};
  }
  /// The PIN that CallPinPort::choose took in this run becomes the holder's call PIN.
  static Change set_call_pin() { return {"call_pin.set", {}}; }
  /// The caller counts as verified by `method`. Applied only if the console itself saw the method succeed in this run.
  static Change verify_caller(std::string method) { return {"verification.grant", {{"method", std::move(method)}}}; }

  friend bool operator==(const Change&, const Change&) = default;
};

}  // namespace anahtar::sdk
