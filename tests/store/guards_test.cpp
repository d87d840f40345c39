// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>

#include "store/mapping.h"
#include "store/raw_database.h"
#include "store/store_fixture.h"

namespace anahtar::store::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr char log_only_grows[] = "the audit log is append-only";
constexpr char needs_record[] = "a row changes only together with its audit record";

class StoreGuards : public ::testing::Test {
 protected:
  StoreGuards() {
    Site site = temporary_.open();
    core::Ticket ticket;
    ticket.cause = "other";
    saved(site, ticket);
  }
  TemporarySite temporary_;
  RawDatabase raw_{temporary_.file()};
};

TEST_F(StoreGuards, TheLogRefusesUpdateDeleteAndReplace) {
  for (const char* table : {"audit_entry", "audit_change"}) {
    const std::string name = table;
    EXPECT_THAT(raw_.try_to("update " + name + " set seq = seq + 100"), HasSubstr(log_only_grows)) << name;
    EXPECT_THAT(raw_.try_to("delete from " + name), HasSubstr(log_only_grows)) << name;
    EXPECT_THAT(raw_.try_to("insert or replace into " + name + " select * from " + name + " limit 1"),
                HasSubstr(log_only_grows))
        << name;
  }
  EXPECT_THAT(raw_.try_to("replace into audit_entry select place, device, incarnation, seq + 100, time, type, actor, ticket,"
                          " subject, leaf_hash, bytes from audit_entry limit 1"),
              HasSubstr(log_only_grows))
      << "an entry put into another one's place";
  raw_.run("insert into audit_tile values ('d', 1, 0, 0, 'x')");
  EXPECT_THAT(raw_.try_to("update audit_tile set hashes = 'y'"), HasSubstr(log_only_grows));
  EXPECT_THAT(raw_.try_to("delete from audit_tile"), HasSubstr(log_only_grows));
  EXPECT_THAT(raw_.try_to("replace into audit_tile values ('d', 1, 0, 0, 'y')"), HasSubstr(log_only_grows));
}

TEST_F(StoreGuards, AHeadOnlyMovesForward) {
  EXPECT_THAT(raw_.try_to("update audit_head set size = size - 1"), HasSubstr(log_only_grows));
  EXPECT_THAT(raw_.try_to("update audit_head set note = 'x'"), HasSubstr(log_only_grows));
  EXPECT_THAT(raw_.try_to("delete from audit_head"), HasSubstr(log_only_grows));
  EXPECT_THAT(raw_.try_to("replace into audit_head select device, incarnation, 1, 'x' from audit_head"),
              HasSubstr(log_only_grows));
}

TEST_F(StoreGuards, ARowNeedsItsRecord) {
  EXPECT_THAT(raw_.try_to("update ticket set cause = 'x'"), HasSubstr(needs_record));
  EXPECT_THAT(raw_.try_to("update ticket set cause = 'x', version = version + 1"), HasSubstr(needs_record));
  EXPECT_THAT(raw_.try_to("delete from ticket"), HasSubstr(needs_record));
  EXPECT_THAT(raw_.try_to("replace into ticket select * from ticket"), HasSubstr(needs_record));
  EXPECT_THAT(raw_.try_to("insert into portal_account values (9, 'h', 0, 0, null, 1)"), HasSubstr(needs_record));
  raw_.run("insert into audit_change select 'ticket', '1', 2, digest, device, incarnation, seq from audit_change limit 1");
  EXPECT_THAT(raw_.try_to("update ticket set number = 5, version = 2"), HasSubstr(needs_record));
  EXPECT_THAT(raw_.try_to("update ticket set version = 3"), HasSubstr(needs_record));
  EXPECT_THAT(raw_.try_to("update ticket set version = 2"), IsEmpty());
}

TEST_F(StoreGuards, EverySensitiveTableHasItsThreeGuards) {
  for (const RowSpec* spec : row_specs()) {
    const auto triggers =
        raw_.column("select name from sqlite_master where type = 'trigger' and tbl_name = '" + spec->table + "' order by 1");
    EXPECT_THAT(triggers, ::testing::ElementsAre(spec->table + "_delete", spec->table + "_insert", spec->table + "_update"));
    const auto columns = raw_.column("select name from pragma_table_info('" + spec->table + "')");
    EXPECT_EQ(columns.size(), spec->columns.size() + 2) << spec->table << ": key, columns, version";
  }
  const auto versioned = raw_.column(
      "select m.name from sqlite_master m join pragma_table_info(m.name) c where m.type = 'table' and c.name = 'version'"
      " and m.name <> 'audit_change'");
  EXPECT_EQ(versioned.size(), row_specs().size());
}

}  // namespace
}  // namespace anahtar::store::testing
