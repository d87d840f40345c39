// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <istream>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include <anahtar/sdk/form.h>

#include "core/cards.h"
#include "core/directory.h"
#include "core/subscriber_import.h"

namespace anahtar::core {

/// What lies in a reader of this desk, and whose it is.
struct IdentifiedCard {
  std::string reader, name, family, serial;
  Text state;
  std::vector<sdk::Fact> facts;
  std::optional<SubscriberLine> holder;  ///< found by the certificate
  Text problem;                          ///< why there is no holder
};

/// One registered card, and whether the vault can unlock it.
struct RegisteredCard {
  Card card;
  bool puk_held = false, key_held = false;
  bool puk_refused = false;  ///< by the card: it is another card's, or an old one
  bool puk_told = false;  ///< by telephone: the card gets another one when it is next in a reader
  bool key_refused = false;
  int answers = 0;  ///< by telephone, since one worked
};

/// A site key from which keys of cards are derived.
struct SiteKeyLine {
  std::int64_t key_version = 0;
  std::string kcv;             ///< empty: the key is this site's own
  std::optional<Time> added;   ///< of an imported one
  std::string added_by;        ///< operator name
  std::int64_t cards = 0;      ///< whose keys are derived from it
};

/// The card readers of this desk, for front ends. Changing a card is an action's business.
class CardRoom {
 public:
  CardRoom(Reader& reader, Writer& writer, Directory& directory, CardDesk& desk, CardKeys* keys, const Clock& clock)
      : reader_(reader), writer_(writer), directory_(directory), desk_(desk), keys_(keys), clock_(clock) {}

  Result<std::vector<CardReaderState>> readers() { return desk_.readers(); }
  /// As of CardDesk. [worker]
  Result<std::vector<CardReaderState>> wait_for_change(const std::vector<CardReaderState>& known,
                                                       std::chrono::milliseconds limit, std::stop_token stop) {
    return desk_.wait_for_change(known, limit, stop);
  }
  /// Reads the card in this reader and looks for its holder; the look is a record. [worker]
  Result<IdentifiedCard> identify(const Session& session, const std::string& reader);
  /// A record too. [worker]
  Result<std::vector<RegisteredCard>> cards_of(const Session& session, SubscriberId subscriber);

  /// Streams a CSV file of secrets into the vault, for administrators. Columns: national_id, card_serial, family, kind ("puk",
  /// "admin_key", "derived_key"), value (a PUK, or a key as hexadecimal digits; empty for a derived key), key_version, kcv (of
  /// a key; compared when it is there). What replaces an older one of the card becomes the newest. Nothing of it is ever
  /// shown. [worker]
  Result<ImportReport> import_secrets(const Session& session, std::istream& csv, const std::string& file_name);

  /// Takes a key of the authority, from which the keys of its cards were derived, for administrators. Its components are
  /// hexadecimal digits of an AES key each, and are combined by exclusive or; `kcv` is that of the whole, and must fit. False:
  /// it was here already. Code::conflict: this version is another key. [worker]
  Result<bool> import_site_key(const Session& session, std::int64_t key_version, const std::vector<Secret>& components, std::string kcv);
  /// Of one component, for the one who types it; 6 hex digits.
  Result<std::string> check_value_of_component(const Secret& component);
  /// For administrators and supervisors, in order of version. [worker]
  Result<std::vector<SiteKeyLine>> site_keys(const Session& session);

 private:
  Reader& reader_;
  Writer& writer_;
  Directory& directory_;
  CardDesk& desk_;
  CardKeys* keys_;
  const Clock& clock_;
};

/// In words, for a status bar and a table: "ACR39U: card", "ACR39U: no card", "no card reader".
Text sentence_of(const CardReaderState& reader);

}  // namespace anahtar::core
