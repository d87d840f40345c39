// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <memory>
#include <string>
#include <vector>

#include <anahtar/sdk/plugin.h>

#include "core/conversation.h"
#include "core/outside.h"
#include "core/session.h"
#include "core/verification.h"

namespace anahtar::core {

struct TicketLine;

/// A plugin that was loaded. `keep_alive` holds the library for as long as anything made by it may live.
struct LoadedPlugin {
  std::string id, version, file;
  sdk::Plugin plugin;
  std::shared_ptr<void> keep_alive;
  std::string sha256 = {};  ///< of the file, hex
};

struct RefusedPlugin {
  std::string file;
  Text reason;
};

struct PluginCatalogue {
  std::vector<LoadedPlugin> loaded;
  std::vector<RefusedPlugin> refused;
};

/// An action as offered on one ticket now.
struct ActionOffer {
  std::string id;
  Text title;
  std::string verifies;          ///< method id for a verification method; empty for a service
  int level_given = 0;           ///< for a method: what it establishes
  bool possible = false;
  bool needs_approval = false;   ///< possible, but a supervisor must agree before it takes effect
  Text missing;                  ///< when not possible: what is missing, in one line
  std::string refusal;           ///< which rule: "level", "role", "state", "locked", "port", "caller", "running",
                                 ///< "channel", "hours", "cooling_off", "rate", "waiting", "seen"
  std::vector<std::string> supplied_by;  ///< ids of possible methods that would supply a missing level
};

/// An action of the catalogue with its policy, for `actions list`.
struct ActionEntry {
  std::string id, plugin;
  Text title;
  std::string verifies;
  int level = 0;  ///< for a service: needed; for a method: given
  std::vector<Role> roles;
  bool in_policy = false;
};

/// One run on its own worker thread.
class ActionRun {
 public:
  virtual ~ActionRun() = default;
  virtual const std::string& id() const = 0;
  /// Asks it to stop; its next Desk call throws Cancelled. Returns at once.
  virtual void cancel() = 0;
  /// False while a card is being changed, and until the holder has the PIN that it got: `cancel` is not heard before.
  virtual bool can_be_cancelled() const = 0;
  /// Records whether the holder saw the new PIN that was revealed to them on a window of their own, now that it is gone from
  /// there; also after the end of the run. [worker]
  virtual void holder_saw(PinSeen seen) = 0;
  /// Gives up on a run that does not stop: its desk is revoked, the record says "abandoned", the console goes on.
  virtual void abandon() = 0;
  virtual bool ended() const = 0;
  /// The number of the request for approval with which its change waits; 0: none, or not yet.
  virtual std::int64_t request() const = 0;
  /// The result, once it ended and its conversation has heard of it. Not from within the conversation.
  virtual Result<Text> wait() = 0;
};

/// What the program does around every action; there is no other way to run one.
///  1. role, ticket, policy: may it run now? If not, the refusal is recorded and says what is missing;
///  2. `action.started` is committed; if that fails nothing runs;
///  3. the function runs; its change is checked against policy again inside the transaction and commits with its record;
///     effects outside the database are recorded as intended before and as happened, failed or unknown after;
///  4. `action.ended` is committed with the outcome; a run without it is unfinished.
class Actions {
 public:
  Actions(Reader& reader, Writer& writer, Vault& vault, VerificationDesk& verification, Outside outside,
          const PluginCatalogue& plugins, const Clock& clock);
  ~Actions();

  std::vector<ActionEntry> catalogue() const;
  /// Every action, in the catalogue's order: methods first, then services, those that the ticket's cause asks for before
  /// the others. [worker]
  Result<std::vector<ActionOffer>> offers(const Session& session, TicketNumber ticket);
  /// Starts a run. `conversation` must outlive it (shared). Refusals come back at once and are recorded. [worker]
  Result<std::shared_ptr<ActionRun>> start(const Session& session, TicketNumber ticket, const std::string& action,
                                           std::shared_ptr<Conversation> conversation);

  struct Unfinished {
    std::string run, action, operator_name;
    Text title;
    TicketNumber ticket = 0;
    Time started{};
  };
  /// Runs that started and never ended, except those that run now in this process. Supervisors and administrators see
  /// all, others their own. Runs of another device count once they are an hour old: before, they may be running there.
  Result<std::vector<Unfinished>> unfinished(const Session& session);
  /// Marks the lines of the tickets that `runs` are of.
  static void mark_unfinished(std::vector<TicketLine>& lines, const std::vector<Unfinished>& runs);
  /// A supervisor says what became of an unfinished run.
  Result<> resolve(const Session& session, const std::string& run, const std::string& what_happened);

 private:
  class Implementation;
  std::shared_ptr<Implementation> implementation_;  // shared with runs: an abandoned one may come back late
};

}  // namespace anahtar::core
