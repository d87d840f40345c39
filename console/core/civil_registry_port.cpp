// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <map>
#include <utility>

#include "core/action_ports.h"
#include "core/civil_questions.h"
#include "core/iso_time.h"

namespace anahtar::core {

/// Throws when the method is locked: neither questions nor comparisons then.
CivilRecord RunCivilRegistryPort::record_in(Reader& now) const {
  const Ticket ticket = run_.ticket_now(now);
  if (now.method_state(*ticket.subscriber, civil_method).locked)
    throw sdk::Failed(tr("Civil-registry questions are locked for this subscriber. A supervisor can lift the lock."));
  const auto subscriber = now.subscriber(*ticket.subscriber);
  if (!subscriber) throw sdk::Failed(tr("The subscriber is gone."));
  return subscriber->civil;
}

/// Random to everybody, yet the same on one day until the subscriber's set was answered wrongly: whoever cancels and
/// starts again, on any ticket, cannot draw until the questions suit.
std::vector<const CivilQuestion*> RunCivilRegistryPort::shuffled(const CivilRecord& record) const {
  Reader& now = run_.parts.reader;
  const Ticket ticket = run_.ticket_now(now);
  const std::string day = iso_utc(run_.parts.clock.now()).substr(0, 10);
  const std::string failures = std::to_string(now.method_state(*ticket.subscriber, civil_method).failures);
  const std::string context = "civil_questions/" + std::to_string(*ticket.subscriber) + "/" + day + "/" + failures;
  std::map<std::string, const CivilQuestion*> by_hash;
  for (const CivilQuestion* question : civil_questions_of(record))
    by_hash[run_.parts.vault.keyed_hash(context, Secret(question->question.id))] = question;
  std::vector<const CivilQuestion*> order;
  for (const auto& [hash, question] : by_hash) order.push_back(question);
  return order;
}

std::vector<sdk::RegistryQuestion> RunCivilRegistryPort::draw(std::size_t count) {
  const auto pass = run_.enter();
  const CivilRecord record = record_in(run_.parts.reader);
  if (drawn_.empty()) {
    drawn_ = shuffled(record);
    drawn_.resize(std::min(count, drawn_.size()));
  }
  std::vector<sdk::RegistryQuestion> questions;
  for (const CivilQuestion* question : drawn_) questions.push_back(question->question);
  return questions;
}

bool RunCivilRegistryPort::compare(const std::map<std::string, std::string>& answers) {
  const auto pass = run_.enter();
  const auto asked = std::exchange(drawn_, {});
  if (asked.size() < fewest_civil_questions) throw sdk::Failed(tr("Too few questions were asked."));
  const auto fit = [&](const CivilRecord& record) {
    return std::ranges::all_of(asked, [&](const CivilQuestion* question) {
      const auto answer = answers.find(question->question.id);
      return answer != answers.end() && !answer->second.empty() && question->same(answer->second, record.*question->field);
    });
  };
  // Compared and counted in one unit: consoles that ask at the same time have no more tries together than one has.
  bool all_right = false;
  run_.commit([&](Transaction& tx) {
    all_right = fit(record_in(tx));
    if (!all_right) run_.parts.verification.count_failure(tx, run_.session, run_.ticket_now(tx), civil_method);
  });
  if (!all_right) return false;
  confirm();
  run_.evidence.add(civil_method, run_.parts.clock.now());
  return true;
}

/// The registry itself must agree, where it can be asked: a no, or no answer, is no verification. Neither is the caller's
/// failure, so neither counts as one.
void RunCivilRegistryPort::confirm() const {
  CivilRegistryService* const registry = run_.parts.outside.civil_registry;
  if (!registry) return;
  const auto subscriber = run_.parts.reader.subscriber(*run_.ticket_now(run_.parts.reader).subscriber);
  if (!subscriber) throw sdk::Failed(tr("The subscriber is gone."));
  const auto confirmed = registry->confirm(*subscriber);
  run_.check_alive();
  record_answer(!confirmed ? "no_answer" : *confirmed ? "confirmed" : "denied");
  if (!confirmed && confirmed.error().code == Code::invalid) throw sdk::Failed(confirmed.error().sentence);
  if (!confirmed)
    throw sdk::Failed(tr("The answers fit our record, but the civil registry does not confirm it now: it cannot be "
                         "reached. Verify the caller in another way."));
  if (!*confirmed)
    throw sdk::Failed(tr("The answers fit our record, but the civil registry does not confirm that record. Verify the "
                         "caller in another way, and have the record corrected."));
}

void RunCivilRegistryPort::record_answer(const char* answer) const {
  run_.commit_on_ticket([&](Transaction& tx, const Ticket& ticket) {
    Record record = run_.record(record_type::registry_asked, tx, ticket);
    record.fields[Tag::outcome] = answer;
    tx.record(std::move(record));
  });
}

}  // namespace anahtar::core
