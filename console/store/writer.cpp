// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/writer.h"

#include <algorithm>
#include <iterator>

#include "crypto/stack.h"

namespace anahtar::store {

using core::Code;
using core::tr;

StoreWriter::StoreWriter(std::shared_ptr<OpenDatabase> shared)
    : shared_(std::move(shared)),
      device_(shared_->keyring.device_text()),
      session_(shared_->database.file(), sqlite::Access::read_write),
      local_head_(shared_->keyring.local_head()),
      log_(session_, shared_->keyring) {
  session_.run_script(sqlite::writers_cache);
  thread_ = std::thread([this] { run(); });
}

StoreWriter::~StoreWriter() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

core::Result<core::Receipt> StoreWriter::commit(std::function<core::Result<void>(core::Transaction&)> unit) {
  std::vector<Waiting> mine;
  mine.push_back({std::move(unit), {}});
  std::unique_lock lock(mutex_);
  if (alone_ && !committing_ && queue_.empty()) {
    committing_ = true;
    lock.unlock();
    auto answers = commit_together(mine);
    crypto::wipe_stack_below();  // the caller may not go down there again for long
    lock.lock();
    committing_ = false;
    const bool others_came = !queue_.empty();
    alone_ = !others_came;
    lock.unlock();
    if (others_came) wake_.notify_one();
    return std::move(answers.front());
  }
  auto answer = mine.front().answer.get_future();
  queue_.push_back(std::move(mine.front()));
  lock.unlock();
  wake_.notify_one();
  return answer.get();
}

void StoreWriter::run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    wake_.wait(lock, [this] { return !committing_ && (stopping_ || !queue_.empty()); });
    if (queue_.empty()) return;
    const auto end = queue_.begin() + static_cast<std::ptrdiff_t>(std::min(queue_.size(), units_at_most));
    std::vector<Waiting> batch(std::make_move_iterator(queue_.begin()), std::make_move_iterator(end));
    queue_.erase(queue_.begin(), end);
    committing_ = true;
    lock.unlock();
    auto answers = commit_together(batch);
    crypto::wipe_stack_below();
    lock.lock();
    committing_ = false;
    alone_ = batch.size() == 1 && queue_.empty();
    for (std::size_t i = 0; i < batch.size(); ++i) batch[i].answer.set_value(std::move(answers[i]));
  }
}

std::vector<StoreWriter::Answer> StoreWriter::commit_together(std::vector<Waiting>& batch) {
  const auto failed = [&](core::Failure failure) {
    log_.forget();
    session_.rollback();
    return std::vector<Answer>(batch.size(), std::unexpected(std::move(failure)));
  };
  try {
    shared_->database.require_place();
    WriteTransaction transaction(session_);
    log_.synchronise();
    const std::uint64_t before = log_.next_seq();
    const core::Time now = shared_->clock.now();
    std::vector<Answer> answers;
    for (Waiting& one : batch) answers.push_back(run_unit(one, now));
    if (log_.next_seq() == before) return answers;

    const audit::SignedHead head = log_.sign();
    transaction.commit();
    if (auto written = local_head_.advance(audit::local_head_of(head)); !written)
      return failed({Code::unavailable, tr("The change was stored, but the file beside the keys that remembers the log's "
                                           "end cannot be written ({1}). Check the disk and the permissions.",
                                           written.error())});
    return answers;
  } catch (const core::FailureError& error) {
    return failed(error.failure);
  } catch (...) {
    return failed({Code::internal, tr("The change could not be stored. This is a defect of the program.")});
  }
}

StoreWriter::Answer StoreWriter::run_unit(Waiting& waiting, core::Time now) {
  const audit::Appender mark = log_.mark();
  session_.run_script("savepoint unit");
  Unit unit(session_, shared_->keys, log_, shared_->keyring.site(), now);
  Answer answer = run_guarded(waiting, unit);
  if (!session_.in_transaction())  // SQLite undid all of it, the other units too
    throw core::FailureError(answer ? core::Failure{} : answer.error());
  if (!answer) {
    session_.run_script("rollback to unit");
    log_.go_back_to(mark);
  }
  session_.run_script("release unit");
  return answer;
}

StoreWriter::Answer StoreWriter::run_guarded(Waiting& waiting, Unit& unit) {
  core::Receipt receipt{device_, log_.incarnation(), log_.next_seq()};
  try {
    if (auto done = waiting.unit(unit); !done) return std::unexpected(std::move(done.error()));
    if (auto done = unit.finish(); !done) return std::unexpected(std::move(done.error()));
    return receipt;
  } catch (const core::FailureError& error) {
    return std::unexpected(error.failure);
  } catch (...) {
    return core::failure(Code::internal, tr("The change could not be made. This is a defect of the program."));
  }
}

}  // namespace anahtar::store
