// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <gtest/gtest.h>

#include "store/site.h"
#include "support/files.h"
#include "support/temporary_folder.h"

namespace anahtar::store::testing {

using anahtar::testing::content_of;

/// A clock that goes one millisecond on each time it is asked.
class TickingClock : public core::Clock {
 public:
  core::Time now() const override { return now_ += std::chrono::milliseconds(1); }

 private:
  mutable core::Time now_{std::chrono::sys_days(std::chrono::year(2026) / 3 / 1)};
};

/// A site in a temporary folder, its own database and keys.
class TemporarySite {
 public:
  TemporarySite() {
    core::Operator administrator{.name = "yonetici", .display_name = "Yönetici", .person = "p1",
                                 .role = core::Role::administrator, .password_hash = "$none"};
    core::value_or_throw(create_site(url(), config(), administrator, clock_));
  }
  std::string url() const { return "sqlite://" + file().string(); }
  std::filesystem::path file() const { return folder_ / "desk.db"; }
  std::filesystem::path config() const { return folder_ / "config"; }
  std::filesystem::path folder() const { return folder_.path(); }
  const core::Clock& clock() const { return clock_; }

  Site open() const { return core::value_or_throw(open_site(url(), config(), clock_)); }
  core::AuditReport verify() const { return core::value_or_throw(verify_site(url(), config())); }
  std::filesystem::path keys() const {
    for (const auto& entry : std::filesystem::directory_iterator(config() / "anahtar" / "sites")) return entry.path();
    return {};
  }

 private:
  anahtar::testing::TemporaryFolder folder_;
  TickingClock clock_;
};

inline core::Subscriber ayse() {
  core::Subscriber value;
  value.national_id = "10000000146";
  value.given_names = "Ayşe Işık";
  value.surname = "Çağlayan";
  value.mobile = "+905321234567";
  value.email = "ayse.caglayan@ornek.example";
  value.civil.mother_name = "Zübeyde";
  value.civil.birth_place = "Eskişehir";
  value.civil.birth_date = "1979-04-23";
  value.created = core::Time(std::chrono::seconds(1'700'000'000));
  return value;
}

inline core::Record note(std::string type = "test.happened") {
  return {.type = std::move(type), .actor = "fatma", .role = "operator", .ticket = {}, .subject = {}};
}

/// Saves one value under one record.
template <class Entity>
Entity saved(Site& site, Entity value) {
  core::value_or_throw(site.writer->commit([&](core::Transaction& unit) -> core::Result<> {
    unit.save(value);
    unit.record(note());
    return {};
  }));
  return value;
}

inline std::string sentence_of(const core::Failure& failure) {
  return sdk::fill(failure.sentence.id, failure.sentence.args);
}

}  // namespace anahtar::store::testing
