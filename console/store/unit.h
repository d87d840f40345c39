// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <map>
#include <vector>

#include "core/ports.h"
#include "store/device_log.h"
#include "store/mapping.h"
#include "store/queries.h"

namespace anahtar::store {

/// One unit inside the writer's transaction. Saves are written at once (so that reads see them), each with its line of
/// audit_change, which names the entry that the unit's first record will be; `finish` appends the records.
class Unit : public Reads<core::Transaction> {
 public:
  Unit(Session& session, const SiteKeys& keys, DeviceLog& log, const std::string& site, core::Time now);

  void save(core::Operator& value) override;
  void save(core::Subscriber& value) override;
  void save(core::PortalAccount& value) override;
  void save(core::Card& value) override;
  void save(core::Certificate& value) override;
  void save(core::Ticket& value) override;
  void save(core::TicketNote& value) override;
  void save(core::Verification& value) override;
  void save(core::MethodState& value) override;
  void save(core::CodeChallenge& value) override;
  void save(core::Opening& value) override;
  void save(core::ActionRunRow& value) override;
  void save(core::PolicyVersion& value) override;
  void save(core::Approval& value) override;
  void save(core::CoolingOff& value) override;
  void save(core::NumberChange& value) override;
  void save(core::OutboxMessage& value) override;
  void save(core::MessageContent& value) override;
  void save(core::CallPin& value) override;
  void save(core::CardSecret& value) override;
  void save(core::CardSiteKey& value) override;
  void save(core::CallBack& value) override;
  void save(core::Recording& value) override;
  void save(const SiteRow& value);
  void save(const DeviceRow& value);

  void record(core::Record record) override { records_.push_back(std::move(record)); }

  /// Appends the records; the first one vouches for all rows. Refuses rows without a record.
  core::Result<> finish();
  bool recorded() const { return !records_.empty(); }

 protected:
  void ask(const std::function<void(Queries&)>& question) override { question(queries_); }

 private:
  /// Makes the keys that sealing needs, as rows of this unit.
  class UnitSealer : public Sealer {
   public:
    UnitSealer(Unit& unit, Session& session, const SiteKeys& keys) : Sealer(session, keys), unit_(unit) {}
    /// The owner was named just now, at random: there is no key to look for.
    void begin(const std::string& owner);

   private:
    crypto::Key make_key(const std::string& owner) override;
    crypto::Key store_key(const std::string& owner, bool fresh);
    Unit& unit_;
  };

  template <class Entity>
  void put(const Entity& value, const std::string& id, const std::string& owner = {}, bool fresh = false);
  template <class Entity, class Id>
  void put_numbered(Entity& value, Id& id, const std::string& owner = {});
  /// `fresh`: nobody can have written a row with this id before, so its version is not looked up.
  void put_row(const RowSpec& spec, const std::string& id, const Cells& values, bool fresh = false);
  std::int64_t next_number(const RowSpec& spec);
  void update_index(const core::Subscriber& value, const std::optional<core::Subscriber>& before);
  std::string owner_of(const core::Ticket& ticket);
  std::string owner_of(core::SubscriberId subscriber);
  audit::Draft draft_of(const core::Record& record, std::uint64_t seq);

  Session& session_;
  const SiteKeys& keys_;
  DeviceLog& log_;
  std::string site_;
  core::Time now_;
  UnitSealer sealer_;
  Queries queries_;
  std::map<const RowSpec*, std::int64_t> last_numbers_;  ///< of the tables that got new numbers in this unit
  std::vector<audit::RowChange> changes_;
  std::vector<core::Record> records_;
};

/// What a sealed field of an entry is bound to.
std::string entry_context(const std::string& device, std::uint32_t incarnation, std::uint64_t seq, std::uint16_t tag);
/// Whose key seals an entry's fields: the subject's, else the ticket's, else the site's.
std::string owner_of_entry(const std::string& subject, const std::string& ticket, const std::string& site);

}  // namespace anahtar::store
