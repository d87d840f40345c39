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
  int answers = 0;  ///< by telephone, since one worked
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
