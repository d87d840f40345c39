// SPDX-License-Identifier: GPL-3.0-or-later
#include "card/fault_matrix.h"

#include "card/pcsc_readers.h"
#include "card/support/virtual_reader.h"

/// The whole matrix over a real pcscd: `ninja card_fault_matrix_over_pcscd`, some ten minutes. A reset by another program is
/// not in it: nobody else gets at a card that the console holds, and vpcd cannot tell of one.
namespace anahtar::card::matrix {
namespace {

using testing::VirtualReader;

class OverPcscd : public Place {
 public:
  Readers& readers() override { return readers_; }
  const std::string& reader() const override { return VirtualReader::name(); }
  void put(std::shared_ptr<EmulatedCard> card) override { virtual_.insert(std::move(card)); }
  /// A card that was pulled in mid-command is out already, and the service needs a moment before it sees the next one.
  void take() override {
    const bool was_pulled = VirtualReader::wait_for_card(false, 0, std::chrono::milliseconds(0));
    virtual_.remove();
    if (was_pulled) VirtualReader::wait_for_pulled_card();
  }

 private:
  VirtualReader virtual_;
  PcscReaders readers_{std::chrono::milliseconds(700)};
};

std::vector<Trouble> troubles_of_a_reader() {
  std::vector<Trouble> all;
  std::ranges::copy_if(troubles, std::back_inserter(all), [](const Trouble& each) { return each.kind != Kind::reset; });
  return all;
}

class FaultsOverPcscd : public ::testing::TestWithParam<Setup> {
 protected:
  static void SetUpTestSuite() {
    if (VirtualReader::missing().empty()) place_ = std::make_unique<OverPcscd>();
  }
  static void TearDownTestSuite() { place_.reset(); }
  void SetUp() override {
    if (!place_) GTEST_SKIP() << VirtualReader::missing();
  }

  static inline std::unique_ptr<OverPcscd> place_;
  const std::vector<Trouble> troubles_ = troubles_of_a_reader();
};

TEST_P(FaultsOverPcscd, DISABLED_LeaveTheTruthInTheReport) { unlock_through_each(*place_, GetParam(), troubles_); }
TEST_P(FaultsOverPcscd, DISABLED_CostALookNoTry) { look_through_each(*place_, GetParam(), troubles_); }
TEST_P(FaultsOverPcscd, DISABLED_SendAWrongCodeOnce) { refuse_through_each(*place_, GetParam(), troubles_); }
TEST_P(FaultsOverPcscd, DISABLED_GetAnotherPukWithoutALie) { change_puk_through_each(*place_, GetParam(), troubles_); }

INSTANTIATE_TEST_SUITE_P(Card, FaultsOverPcscd, ::testing::ValuesIn(setups()),
                         [](const auto& instance) { return std::string(instance.param.name); });

}  // namespace
}  // namespace anahtar::card::matrix
