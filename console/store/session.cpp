// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/session.h"

#include <soci/soci.h>

#include <charconv>

#include "core/result.h"

namespace anahtar::store {

std::int64_t to_integer(const Value& value) {
  std::int64_t number = 0;
  const char* end = value ? value->data() + value->size() : nullptr;
  if (!value || std::from_chars(value->data(), end, number).ptr != end || value->empty())
    throw core::FailureError({core::Code::not_intact, core::tr("The database holds a value that is not a number.")});
  return number;
}

/// A statement with the memory that its parameters and columns are bound to.
class Session::Prepared {
 public:
  Prepared(soci::session& session, const std::string& sql, std::size_t parameters, std::size_t columns)
      : in_(parameters), in_state_(parameters), out_(columns), out_state_(columns), statement_(session) {
    for (std::size_t i = 0; i < parameters; ++i) statement_.exchange(soci::use(in_[i], in_state_[i]));
    for (std::size_t i = 0; i < columns; ++i) statement_.exchange(soci::into(out_[i], out_state_[i]));
    statement_.alloc();
    statement_.prepare(sql);
    statement_.define_and_bind();
  }

  bool execute(std::span<const Value> parameters) {
    for (std::size_t i = 0; i < in_.size(); ++i) {
      in_state_[i] = parameters[i] ? soci::i_ok : soci::i_null;
      if (parameters[i]) in_[i] = *parameters[i];
    }
    return statement_.execute(true);
  }
  bool fetch() { return statement_.fetch(); }
  std::int64_t affected() { return statement_.get_affected_rows(); }

  Cells cells() const {
    Cells row(out_.size());
    for (std::size_t i = 0; i < out_.size(); ++i)
      if (out_state_[i] == soci::i_ok) row[i] = out_[i];
    return row;
  }

 private:
  std::vector<std::string> in_;
  std::vector<soci::indicator> in_state_;
  std::vector<std::string> out_;
  std::vector<soci::indicator> out_state_;
  soci::statement statement_;
};

Session::Session(const std::filesystem::path& file, sqlite::Access access) : sql_(std::make_unique<soci::session>()) {
  sqlite::open(*sql_, file, access);
}

Session::~Session() { prepared_.clear(); }

template <class Work>
auto Session::translated(const std::string& sql, Work&& work) -> decltype(work()) {
  try {
    return work();
  } catch (const soci::soci_error& error) {
    const core::Failure failure = sqlite::failure_of(*sql_, error);
    prepared_.erase(sql);  // may be in mid-row, which would hold a lock
    throw core::FailureError(failure);
  }
}

Session::Prepared& Session::prepared(const std::string& sql, std::size_t parameters, std::size_t columns) {
  auto& slot = prepared_[sql];
  if (!slot) slot = std::make_unique<Prepared>(*sql_, sql, parameters, columns);
  return *slot;
}

std::vector<Cells> Session::query(const std::string& sql, std::span<const Value> parameters, std::size_t columns) {
  return translated(sql, [&] {
    std::vector<Cells> rows;
    Prepared& statement = prepared(sql, parameters.size(), columns);
    for (bool got = statement.execute(parameters); got; got = statement.fetch()) rows.push_back(statement.cells());
    return rows;
  });
}

std::optional<Value> Session::scalar(const std::string& sql, std::initializer_list<Value> parameters) {
  auto rows = query(sql, parameters, 1);
  if (rows.empty()) return std::nullopt;
  return std::move(rows.front().front());
}

std::int64_t Session::execute(const std::string& sql, std::span<const Value> parameters) {
  return translated(sql, [&] {
    Prepared& statement = prepared(sql, parameters.size(), 0);
    statement.execute(parameters);
    return statement.affected();
  });
}

void Session::run_script(std::string_view script) { sqlite::run_script(*sql_, script); }

void Session::begin_write() { run_script(sqlite::begin_write); }
void Session::commit() { run_script("commit"); }

void Session::rollback() noexcept {
  try {
    if (in_transaction()) run_script("rollback");
  } catch (const std::exception&) {
    prepared_.clear();
  }
}

bool Session::in_transaction() { return sqlite::in_transaction(*sql_); }

}  // namespace anahtar::store
