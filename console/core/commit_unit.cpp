// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/commit_unit.h"

namespace anahtar::core {

Result<> commit_unit(Writer& writer, const std::function<Result<>(Transaction&)>& unit) {
  try {
    const auto receipt = writer.commit([&](Transaction& tx) { return guarded([&] { return unit(tx); }); });
    if (!receipt) return std::unexpected(receipt.error());
    return {};
  } catch (const FailureError& error) {
    return std::unexpected(error.failure);
  } catch (...) {
    return failure(Code::internal, tr("The program met a defect while it saved. Nothing was saved."));
  }
}

}  // namespace anahtar::core
