// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/session.h"

namespace anahtar::core {

/// Whoever opens the data of somebody verified at this level reads the answers to the civil registry's questions as well.
inline constexpr int level_that_opens_answers = 2;

/// One subscriber in a list of candidates, always masked.
struct SubscriberLine {
  SubscriberId id = 0;
  std::string name, national_id, mobile;  ///< masked
  bool blocked = false;
  std::optional<TicketNumber> open_ticket;
  std::optional<TicketNumber> open_desk_ticket = {};  ///< about a locked card, begun at a registration desk by whoever looks
  std::string open_ticket_with = {};  ///< the colleague whose it is, when whoever looks may not go on with it
};

/// A label and a value for a row of the subscriber panel; masked values cannot be copied out of it.
struct DataRow {
  std::string id;  ///< e.g. "mobile"
  Text label;
  std::string value;
  bool masked = true;
};

struct CardLine {
  std::string serial, model, state, produced;
};
struct CertificateLine {
  std::string serial, card_serial, state, not_before, not_after;
};

/// What the operator sees of a subscriber now.
struct SubscriberView {
  SubscriberId id = 0;
  std::string name, mobile;    ///< masked unless opened
  std::vector<DataRow> rows;   ///< identity and contact; civil-registry question fields stay masked until verified
  bool blocked = false;
  int failed_tries = 0;
  std::optional<Time> blocked_at;
  std::vector<CardLine> cards;
  std::vector<CertificateLine> certificates;
  std::optional<Time> opened_until;  ///< set while the data are open
};

/// Finding and showing subscribers. Each look is a record. [worker]
class Directory {
 public:
  Directory(Reader& reader, Writer& writer, const Clock& clock);

  /// `typed` is a T.C. Kimlik No, a telephone number in any spelling, an e-mail address, "#id" or words of a name: what it
  /// is, is recognised. An empty list when nothing fits; Code::invalid with a sentence when it is none of these.
  Result<std::vector<SubscriberLine>> find(const Session& session, const std::string& typed, int limit = 50);
  /// Whose registered mobile this number (E.164) is, masked. For calls: records nothing, the caller does.
  std::vector<SubscriberLine> callers_of(const Session& session, const std::string& number, int limit);
  /// The same, found in another way.
  std::vector<SubscriberLine> lines_of(const Session& session, const SubscriberQuery& query, int limit);
  /// Masked, outside of a ticket.
  Result<SubscriberView> show(const Session& session, SubscriberId id);
  /// As the ticket's operator may see it now. Recorded once per opening of the ticket view.
  Result<SubscriberView> view(const Session& session, TicketNumber ticket, bool record_view);
  /// Opens the data for this operator on this ticket for five minutes. The reason is required and recorded.
  Result<Time> open_data(const Session& session, TicketNumber ticket, const std::string& reason);

 private:
  Reader& reader_;
  Writer& writer_;
  const Clock& clock_;
};

/// What `typed` is, normalised; used by find and by the import's duplicates.
Result<SubscriberQuery> recognise_query(const std::string& typed);

}  // namespace anahtar::core
