// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "core/model.h"
#include "core/result.h"

/// What the desk allows, as data. Code decides by these values and by nothing else. The file format is explained in
/// policy_default.toml.
namespace anahtar::core {

/// The highest level that a verification can have.
inline constexpr int highest_level = 3;

struct MethodPolicy {
  int level = 0;
  int tries = 3;            ///< wrong answers before the method locks on a subscriber (codes: per code)
  int codes = 0;            ///< how many codes may be sent before the method locks; 0: it sends none
  std::chrono::seconds code_life{0};
  std::chrono::seconds answer_within{0};  ///< a call-back counts only this long after it was dialled
  std::set<Role> roles;
  std::set<Channel> channels = {};  ///< of the ticket; empty: every one
  Text label;               ///< e.g. "SMS code"
};

enum class ApprovalRule { none, four_eyes, four_eyes_unless_level_3 };
std::string_view to_string(ApprovalRule rule);  ///< as in the file, e.g. "four_eyes"

/// On which days and between which minutes of the day an action is open, in the desk's own time.
struct OpeningHours {
  std::set<unsigned> days;  ///< ISO 8601: 1 is Monday, 7 is Sunday
  std::chrono::minutes from{0}, to{24 * 60};
};

struct ActionPolicy {
  int level = 0;                        ///< verification needed to run it
  std::chrono::minutes freshness{15};   ///< how old that verification may be
  std::set<Role> roles;
  std::set<std::string> excluded_methods = {};  ///< verifications by these do not count
  ApprovalRule approval = ApprovalRule::none;
  std::chrono::minutes approval_life{30};       ///< how long a request waits
  std::chrono::minutes starts_cooling_off{0};   ///< 0: it starts none
  bool sensitive = false;               ///< needs a supervisor while the subscriber cools off
  int per_operator_hour = 0;            ///< 0: no limit
  int per_subscriber_day = 0;           ///< 0: no limit
  std::optional<OpeningHours> hours = {};
  bool spoken = false;                  ///< a new secret may be shown to the operator once, to be spoken
  bool clears_block = false;            ///< for a reset: failed tries and block of the portal go too
  bool expired_certificate = false;     ///< a card whose certificate has expired is worked with
  bool revoked_certificate = false;     ///< and one whose certificate was revoked
  int answers_per_card = 3;             ///< challenges answered by telephone before one must have worked
};

/// Recordings of the calls in which civil-registry data were given.
struct RecordingPolicy {
  std::chrono::minutes within{24 * 60};  ///< then a missing one is the supervisors' business; 0: never
  std::chrono::seconds shortest{10};  ///< of a file: no call in which questions were answered is shorter
  int largest_megabytes = 100;
};

/// A pattern that a supervisor should look at, as data: either actions done in this order, or something that happened
/// often. Nothing is refused because of it.
struct HintRule {
  enum class Per { subscriber, operator_ };
  std::string id;                  ///< e.g. "takeover"
  Text title;
  std::vector<std::string> steps;  ///< action ids; empty: it counts
  std::string count;               ///< an action id, or "refused"
  int at_least = 0;
  Per per = Per::subscriber;
  std::chrono::minutes within{0};
};

struct Policy {
  RecordingPolicy recordings;
  std::vector<HintRule> hints;
  std::map<std::string, MethodPolicy> methods;  ///< by method id, e.g. "sms_code"
  std::map<std::string, ActionPolicy> actions;  ///< by action id; an action that is not here is nobody's
  std::chrono::minutes verification_life{15};
  std::chrono::minutes utc_offset{180};         ///< the desk's own time
};

/// policy_default.toml, as it was built into the program.
std::string_view default_policy_text();
/// The same, parsed.
Policy default_policy();

/// Whether an action with these hours is open at that moment.
bool is_open(const OpeningHours& hours, Time now, std::chrono::minutes utc_offset);

/// Whether a verification at this level makes the action wait for approval.
bool needs_approval(const ActionPolicy& action, int level);

}  // namespace anahtar::core
