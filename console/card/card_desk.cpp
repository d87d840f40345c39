// SPDX-License-Identifier: GPL-3.0-or-later
#include "card/card_desk.h"

#include "card/card_session.h"

namespace anahtar::card {

using core::Code;
using core::tr;

namespace {

template <class Work>
auto spoken(Work&& work) -> core::Result<decltype(work())> {
  try {
    return work();
  } catch (const LinkError& error) {
    return std::unexpected(failure_of(error));
  }
}

}  // namespace

core::Failure failure_of(const LinkError& error) {
  switch (error.kind) {
    case LinkError::Kind::no_service:
      return {Code::unavailable, tr("The card service does not run on this computer. Start pcscd, or ask your administrator.")};
    case LinkError::Kind::no_reader:
      return {Code::not_found, tr("The card reader is not there any more. Plug it in again.")};
    case LinkError::Kind::no_card:
      return {Code::not_found, tr("There is no card in the reader. Insert the card and leave it in.")};
    case LinkError::Kind::reset:
      return {Code::unavailable, tr("Another program on this computer reset the card. Close it and try again.")};
    case LinkError::Kind::in_use:
      return {Code::unavailable, tr("Another program on this computer holds the card. Close it (a signing program or a browser, mostly) and try again.")};
    case LinkError::Kind::silent:
      return {Code::unavailable, tr("The card does not answer. Take it out, clean it, and insert it again.")};
    case LinkError::Kind::broken:
      return {Code::unavailable, tr("The card gave an answer that makes no sense. Take it out and insert it again.")};
  }
  return {Code::internal, tr("The card could not be reached.")};
}

CardDesk::CardDesk(Readers& readers, const std::filesystem::path& roots, core::IssuerUnlock* issuer)
    : readers_(readers), roots_(std::make_shared<const crypto::TrustedRoots>(roots)), issuer_(issuer) {}

std::vector<core::CardFamily> CardDesk::families() const {
  std::vector<core::CardFamily> known;
  for (const Family* each : card::families()) known.push_back({std::string(each->id()), each->longest_puk(), each->challenge_bytes()});
  return known;
}

core::Result<std::vector<core::CardReaderState>> CardDesk::readers() {
  return spoken([&] { return readers_.list(); });
}

core::Result<std::vector<core::CardReaderState>> CardDesk::wait_for_change(
    const std::vector<core::CardReaderState>& known, std::chrono::milliseconds limit, std::stop_token stop) {
  return spoken([&] { return readers_.wait_for_change(known, limit, stop); });
}

core::Result<std::unique_ptr<core::CardSession>> CardDesk::open(const std::string& reader) {
  return spoken([&]() -> std::unique_ptr<core::CardSession> {
    return std::make_unique<CardSession>(readers_.connect(reader), roots_, issuer_);
  });
}

}  // namespace anahtar::card
