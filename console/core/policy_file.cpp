// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/policy_file.h"

#include <toml++/toml.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <tuple>

namespace anahtar::core {
namespace {

using namespace std::chrono_literals;
using Problems = std::vector<PolicyProblem>;

constexpr std::int64_t largest_count = 1'000'000;
constexpr std::chrono::seconds longest_duration = 90 * 24h;
constexpr std::size_t largest_file = 256 * 1024;

std::uint32_t line_of(const toml::node& node) { return node.source().begin.line; }

/// "15min" and the like; nothing when it is no duration.
std::optional<std::chrono::seconds> duration_from(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || number < 0 || number > largest_count) return {};
  const std::string_view unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
  const std::chrono::seconds one = unit == "s" ? 1s : unit == "min" ? 1min : unit == "h" ? 1h : unit == "d" ? 24h : 0s;
  const std::chrono::seconds all = one * number;
  if (one == 0s || all > longest_duration) return {};
  return all;
}

/// "hh:mm" up to 24:00, in minutes.
std::optional<std::chrono::minutes> time_of_day(std::string_view text) {
  const auto digit = [&](std::size_t at) { return text[at] >= '0' && text[at] <= '9'; };
  if (text.size() != 5 || text[2] != ':' || !digit(0) || !digit(1) || !digit(3) || !digit(4)) return {};
  const int hour = (text[0] - '0') * 10 + text[1] - '0';
  const int minute = (text[3] - '0') * 10 + text[4] - '0';
  if (minute > 59 || hour * 60 + minute > 24 * 60) return {};
  return std::chrono::minutes(hour * 60 + minute);
}

std::optional<unsigned> day_from(std::string_view name) {
  static constexpr std::array<std::string_view, 7> names = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
  const auto found = std::ranges::find(names, name);
  if (found == names.end()) return {};
  return static_cast<unsigned>(found - names.begin()) + 1;
}

std::optional<ApprovalRule> approval_from(std::string_view name) {
  for (const auto rule : {ApprovalRule::none, ApprovalRule::four_eyes, ApprovalRule::four_eyes_unless_level_3})
    if (to_string(rule) == name) return rule;
  return {};
}

using Span = std::pair<std::chrono::minutes, std::chrono::minutes>;

/// "09:00-18:00", within one day.
std::optional<Span> span_from(std::string_view text) {
  if (text.size() != 11 || text[5] != '-') return {};
  const auto from = time_of_day(text.substr(0, 5));
  const auto to = time_of_day(text.substr(6));
  if (!from || !to || *from >= *to) return {};
  return Span{*from, *to};
}

std::optional<HintRule::Per> per_from(std::string_view name) {
  if (name == "subscriber") return HintRule::Per::subscriber;
  if (name == "operator") return HintRule::Per::operator_;
  return {};
}

/// One table of the file. Each read names a key, so that those which nobody read can be refused at the end.
class Section {
 public:
  Section(const toml::table& table, Problems& problems) : table_(table), problems_(problems) {}

  void integer(std::string_view key, std::int64_t lowest, std::int64_t highest, int& out) {
    const toml::node* node = get(key);
    if (!node) return;
    const auto value = node->value_exact<std::int64_t>();
    if (!value || *value < lowest || *value > highest)
      return bad(*node, tr("{1} must be a whole number from {2} to {3}.", std::string(key), std::to_string(lowest),
                           std::to_string(highest)));
    out = static_cast<int>(*value);
  }
  void boolean(std::string_view key, bool& out) {
    const toml::node* node = get(key);
    if (!node) return;
    const auto value = node->value_exact<bool>();
    if (!value) return bad(*node, tr("{1} must be true or false.", std::string(key)));
    out = *value;
  }
  template <class Duration>
  void duration(std::string_view key, std::chrono::seconds shortest, Duration& out) {
    const toml::node* node = get(key);
    if (!node) return;
    const auto text = node->value_exact<std::string>();
    const auto value = text ? duration_from(*text) : std::nullopt;
    if (!value || *value < shortest || *value % Duration(1) != 0s)
      return bad(*node, tr("{1} is no duration that can be used here. Write for example \"15min\" or \"24h\".",
                           std::string(key)));
    out = std::chrono::duration_cast<Duration>(*value);
  }
  /// A string that `parse` understands.
  template <class Value, class Parse>
  void word(std::string_view key, Parse parse, Value& out) {
    const toml::node* node = get(key);
    if (!node) return;
    const auto text = node->value_exact<std::string>();
    const std::optional<Value> value = text ? parse(*text) : std::nullopt;
    if (!value) return bad(*node, tr("{1} has a value that is not known.", std::string(key)));
    out = *value;
  }
  /// An array of strings that `parse` understands.
  template <class Value, class Parse>
  void words(std::string_view key, Parse parse, std::set<Value>& out) {
    each_word(key, parse, [&](Value value) { out.insert(std::move(value)); });
  }
  /// The same, in the order of the file.
  template <class Value, class Parse>
  void words(std::string_view key, Parse parse, std::vector<Value>& out) {
    each_word(key, parse, [&](Value value) { out.push_back(std::move(value)); });
  }
  void required(std::string_view key) {
    if (!table_.contains(key))
      problems_.push_back({line_of(table_), tr("The key {1} is missing.", std::string(key))});
  }
  void refuse_what_was_not_read() {
    for (const auto& [key, node] : table_)
      if (!read_.contains(std::string(key.str())))
        problems_.push_back({key.source().begin.line, tr("There is no key {1}.", std::string(key.str()))});
  }
  const toml::node* get(std::string_view key) {
    read_.emplace(key);
    return table_.get(key);
  }
  void bad(const toml::node& node, Text what) { problems_.push_back({line_of(node), std::move(what)}); }

 private:
  template <class Parse, class Take>
  void each_word(std::string_view key, Parse parse, Take take) {
    const toml::node* node = get(key);
    if (!node) return;
    const toml::array* array = node->as_array();
    if (!array) return bad(*node, tr("{1} must be a list in square brackets.", std::string(key)));
    for (const toml::node& element : *array) {
      const auto text = element.value_exact<std::string>();
      const auto value = text ? parse(*text) : std::nullopt;
      if (value)
        take(*value);
      else
        bad(element, tr("{1} names “{2}”, which does not exist.", std::string(key), text.value_or("?")));
    }
  }

  const toml::table& table_;
  Problems& problems_;
  std::set<std::string> read_;
};

Text label_of_method(const std::string& method) {
  if (method == "registered_mobile") return tr("Call from the registered mobile");
  if (method == "sms_code") return tr("SMS code");
  if (method == "civil_registry") return tr("Civil-registry questions");
  if (method == "card_signature") return tr("Signature with the holder's card");
  if (method == "identity_card") return tr("Identity card seen at the desk");
  if (method == "call_pin") return tr("Call PIN");
  if (method == "call_back") return tr("Call-back to the registered number");
  if (method == "civil_registry_recorded") return tr("Civil-registry questions in a recorded call");
  return sdk::verbatim(method);
}

Text title_of_hint(const std::string& hint) {
  if (hint == "takeover") return tr("The number was changed, then the security word, then the password was unblocked");
  if (hint == "many_refusals") return tr("Many refusals on one subscriber");
  if (hint == "many_refusals_of_operator") return tr("Many refusals of one operator");
  if (hint == "many_phone_updates") return tr("One operator changed many numbers");
  return sdk::verbatim(hint);
}

class PolicyParser {
 public:
  explicit PolicyParser(const KnownNames* known) : known_(known) {}

  std::expected<Policy, Problems> parse(const toml::table& file) {
    Section section(file, problems_);
    section.duration("verification_life", 1min, policy_.verification_life);
    section.word("utc_offset", offset_from, policy_.utc_offset);
    section.required("methods");
    section.required("actions");
    each_table(section, "methods", [&](const std::string& id, const toml::table& table) { method(id, table); });
    each_table(section, "actions", [&](const std::string& id, const toml::table& table) { action(id, table); });
    each_table(section, "hints", [&](const std::string& id, const toml::table& table) { hint(id, table); });
    recordings(section);
    section.refuse_what_was_not_read();
    if (problems_.empty()) return policy_;
    std::ranges::stable_sort(problems_, {}, &PolicyProblem::line);
    return std::unexpected(problems_);
  }

 private:
  static std::optional<std::chrono::minutes> offset_from(std::string_view text) {
    const auto size = text.size() == 6 ? time_of_day(text.substr(1)) : std::nullopt;
    if (!size || *size > 14h || (text[0] != '+' && text[0] != '-')) return {};
    return text[0] == '-' ? -*size : *size;
  }

  template <class Read>
  void each_table(Section& file, std::string_view key, Read read) {
    const toml::node* node = file.get(key);
    if (!node) return;
    const toml::table* all = node->as_table();
    if (!all) return file.bad(*node, tr("{1} must be a table.", std::string(key)));
    for (const auto& [id, entry] : *all) {
      const toml::table* table = entry.as_table();
      if (table)
        read(std::string(id.str()), *table);
      else
        problems_.push_back({id.source().begin.line, tr("{1} must be a table.", std::string(id.str()))});
    }
  }

  void method(const std::string& id, const toml::table& table) {
    if (known_ && !known_->methods.contains(id))
      problems_.push_back({line_of(table), tr("There is no verification method {1}.", id)});
    Section section(table, problems_);
    MethodPolicy method;
    method.label = label_of_method(id);
    section.required("level");
    section.required("roles");
    section.integer("level", 0, highest_level, method.level);
    section.integer("tries", 1, 10, method.tries);
    section.integer("codes", 0, 10, method.codes);
    section.duration("code_life", 10s, method.code_life);
    section.duration("answer_within", 10s, method.answer_within);
    section.words("roles", role_from, method.roles);
    section.words("channels", channel_from, method.channels);
    if (id == "call_back") section.required("answer_within");
    if (method.codes > 0) section.required("code_life");
    section.refuse_what_was_not_read();
    policy_.methods[id] = std::move(method);
  }

  void action(const std::string& id, const toml::table& table) {
    if (known_ && !known_->actions.contains(id))
      problems_.push_back({line_of(table), tr("There is no action {1}.", id)});
    Section section(table, problems_);
    ActionPolicy action;
    section.required("level");
    section.required("roles");
    section.integer("level", 0, highest_level, action.level);
    section.duration("freshness", 1min, action.freshness);
    section.words("roles", role_from, action.roles);
    section.words("excluded_methods", [&](const std::string& name) { return known_method(name); },
                  action.excluded_methods);
    section.word("approval", approval_from, action.approval);
    section.duration("approval_life", 1min, action.approval_life);
    section.duration("starts_cooling_off", 0s, action.starts_cooling_off);
    section.boolean("sensitive", action.sensitive);
    section.integer("per_operator_hour", 0, largest_count, action.per_operator_hour);
    section.integer("per_subscriber_day", 0, largest_count, action.per_subscriber_day);
    section.boolean("spoken", action.spoken);
    section.boolean("clears_block", action.clears_block);
    section.boolean("expired_certificate", action.expired_certificate);
    section.boolean("revoked_certificate", action.revoked_certificate);
    section.integer("answers_per_card", 1, 10, action.answers_per_card);
    action.hours = hours(section);
    section.refuse_what_was_not_read();
    policy_.actions[id] = std::move(action);
  }

  void recordings(Section& file) {
    const toml::node* node = file.get("recordings");
    if (!node) return;
    const toml::table* table = node->as_table();
    if (!table) return file.bad(*node, tr("{1} must be a table.", "recordings"));
    Section section(*table, problems_);
    section.duration("within", 0s, policy_.recordings.within);
    section.duration("shortest", 0s, policy_.recordings.shortest);
    section.integer("largest_megabytes", 1, 2000, policy_.recordings.largest_megabytes);
    section.refuse_what_was_not_read();
  }

  void hint(const std::string& id, const toml::table& table) {
    Section section(table, problems_);
    HintRule rule;
    rule.id = id;
    rule.title = title_of_hint(id);
    section.required("per");
    section.required("within");
    section.word("per", per_from, rule.per);
    section.duration("within", 1min, rule.within);
    const auto known = [&](const std::string& name) { return known_action(name); };
    section.words("steps", known, rule.steps);
    section.word("count", [&](const std::string& name) { return name == "refused" ? name : known_action(name); },
                 rule.count);
    if (rule.steps.empty()) {
      section.required("count");
      section.required("at_least");
      section.integer("at_least", 2, largest_count, rule.at_least);
    }
    section.refuse_what_was_not_read();
    policy_.hints.push_back(std::move(rule));
  }

  std::optional<std::string> known_action(const std::string& name) const {
    if (known_ && !known_->actions.contains(name)) return {};
    return name;
  }

  std::optional<std::string> known_method(const std::string& name) const {
    if (known_ && !known_->methods.contains(name)) return {};
    return name;
  }

  static std::optional<OpeningHours> hours(Section& section) {
    OpeningHours hours;
    section.words("open_days", day_from, hours.days);
    Span span{hours.from, hours.to};
    section.word("open_hours", span_from, span);
    std::tie(hours.from, hours.to) = span;
    if (!section.get("open_days") && !section.get("open_hours")) return {};
    if (hours.days.empty()) hours.days = {1, 2, 3, 4, 5, 6, 7};
    return hours;
  }

  const KnownNames* known_;
  Policy policy_;
  Problems problems_;
};

}  // namespace

std::expected<Policy, std::vector<PolicyProblem>> parse_policy(std::string_view toml, const KnownNames* known) {
  if (toml.size() > largest_file) return std::unexpected(Problems{{1, tr("The file is too large for a policy.")}});
  try {
    return PolicyParser(known).parse(toml::parse(toml));
  } catch (const toml::parse_error& error) {
    return std::unexpected(
        Problems{{error.source().begin.line, tr("This is no TOML: {1}", std::string(error.description()))}});
  }
}

}  // namespace anahtar::core
