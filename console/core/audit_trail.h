// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <functional>
#include <stop_token>
#include <vector>

#include "core/session.h"
#include "core/titles.h"

namespace anahtar::core {

/// The audit log for people: supervisors and administrators see all, others their own records only. Looking is recorded.
/// [worker]
class AuditTrail {
 public:
  AuditTrail(AuditLog& log, Reader& reader, Writer& writer, const PluginCatalogue& plugins);

  struct Page {
    std::vector<AuditRow> rows;
    std::int64_t total = 0;
  };
  Result<Page> list(const Session& session, AuditFilter filter);
  /// Writes nothing but, afterwards, the record that it was verified and with which verdict.
  Result<AuditReport> verify(const Session& session, const std::function<void(std::uint64_t, std::uint64_t)>& progress,
                             std::stop_token stop);
  /// What a record says, with the titles that the plugins give.
  Text sentence_of(const AuditRow& row) const;

 private:
  AuditLog& log_;
  Reader& reader_;
  Writer& writer_;
  const Titles titles_;
};

/// What a record says, as a sentence for people ("Ticket opened", "Refused: level 1 needed", …).
Text sentence_of(const std::string& type, const std::vector<std::pair<std::string, std::string>>& fields,
                 const Titles& titles);

}  // namespace anahtar::core
