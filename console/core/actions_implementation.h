// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <map>
#include <mutex>
#include <vector>

#include "core/action_run.h"

/// Private to core.
namespace anahtar::core {

class Actions::Implementation {
 public:
  Implementation(const ActionParts& parts, const PluginCatalogue& plugins);
  /// Cancels what runs, gives up on what does not stop, and returns when nothing uses the parts any more.
  void shut_down();

  const std::vector<KnownAction>& known() const { return known_; }
  const KnownAction* find(const std::string& action) const;
  bool runs(TicketNumber ticket) const;
  bool runs(const std::string& run) const;

  Result<std::vector<ActionOffer>> offers(const Session& session, TicketNumber ticket) const;
  Result<std::shared_ptr<ActionRun>> start(const std::shared_ptr<Implementation>& self, const Session& session,
                                           TicketNumber ticket, const std::string& action,
                                           std::shared_ptr<Conversation> conversation);
  Result<std::vector<Unfinished>> unfinished(const Session& session) const;
  Result<> resolve(const Session& session, const std::string& run, const std::string& what_happened) const;

  const ActionParts parts;

 private:
  /// What starting finds out inside the unit that records it.
  struct Start {
    std::optional<Refusal> refusal;
    Ticket ticket;
    std::string run;
    std::shared_ptr<void> lock;
  };
  ActionOffer offer(Reader& now, const Session& session, const Ticket& ticket, const KnownAction& action) const;
  std::optional<Refusal> refusal_now(Reader& now, const Session& session, const std::optional<Ticket>& ticket,
                                     const KnownAction* action, bool reserved) const;
  Result<> record_start(const Session& session, TicketNumber ticket, const std::string& action, bool reserved,
                        Start& start) const;
  bool reserve(TicketNumber ticket);
  void release(TicketNumber ticket);

  const ActionRules rules_;
  const std::shared_ptr<Gate> gate_;
  std::vector<KnownAction> known_;  ///< methods first

  mutable std::mutex mutex_;
  std::map<TicketNumber, std::shared_ptr<Run>> running_;  ///< null: it is just being started
};

}  // namespace anahtar::core
