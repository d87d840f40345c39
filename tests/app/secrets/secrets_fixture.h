// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <gmock/gmock.h>

#include <array>
#include <regex>
#include <set>

#include "app/desk.h"
#include "app/secrets/memory_image.h"
#include "app/secrets/needles.h"
#include "app/served_card.h"
#include "support/files.h"

namespace anahtar::testing {

// Digits as seldom met elsewhere as eight of them can be.
inline constexpr char operator_password[] = "Kayik-Ipi-88-Mor", wrong_password[] = "Fener-Kulesi-17-Sari", typed_pin[] = "73519046",
                      mistyped_pin[] = "40719283", old_pin[] = "60482715", vault_puk[] = "51938264", typed_code[] = "84620573",
                      wrong_code[] = "39175268", officer_code[] = "92750418", call_pin[] = "90316572", wrong_call_pin[] = "81640275",
                      admin_key[] = "5B1FC7A26E0D9384B7D52C19F06A83E41D7B92C85AF3604E";
inline constexpr char holder[] = "10000000450", holder_id[] = "4", document[] = "A04D56789";
/// Whose GIDS card is registered in the demo.
inline constexpr char gids_holder[] = "10000000214", gids_holder_id[] = "2", gids_document[] = "A02B34567", gids_serial[] = "A2000000000000000000000000000002";

/// Whose PIV card is.
inline constexpr char piv_holder[] = "10000000146", piv_holder_id[] = "1", piv_document[] = "A01B23456", piv_serial[] = "A1000000000000000000000000000001";

/// A desk in which known secrets are planted. What every flow leaves is searched for them: memory where a thread and where
/// the program ends, and after the test each file.
class Secrets : public ::testing::Test {
 protected:
  void SetUp() override;
  void TearDown() override;

  /// Of the subscriber with this id, who is verified with this identity card; what runs from now on runs on it.
  void open_a_ticket(const char* subscriber, const char* identity_card);
  /// A program that stands still at each end, to be searched.
  std::unique_ptr<Program> start(const std::vector<std::string>& line, Program::Input input = Program::Input::terminal);
  /// An action of the field operator, who types the password. `answers` are those of the script.
  std::unique_ptr<Program> run(const std::string& action, const nlohmann::json& answers);
  static void answer(Program& program, const std::string& question, const std::string& text);
  /// Types the first of each pair at the form's first question, and the second at the next.
  using TypedTwice = std::vector<std::pair<std::string, std::string>>;
  static void choose(Program& program, const std::string& question, const TypedTwice& typed);
  /// Waits for its end and reports what memory held of secrets; `exits` are those that are right.
  Ended ends(Program& program, const std::string& flow, const std::set<int>& exits = {0});

  /// What a program shows once is from then on a secret of this name. Six digits of it are met by chance now and then, so
  /// they belong into a flow that is walked `twice`.
  void plant_what_is_shown(const Program& program, const std::string& name);
  void plant_short(const std::string& name, const std::string& text) { by_chance.plant_text(name, text); }
  /// Walks the flow two times, each with other short secrets, which it plants. What is found in both is no chance.
  void twice(const std::function<void()>& flow);

  /// What the holder's telephone got last, read without a trace in what is searched.
  std::string newest_message() const;

  void search_memory(pid_t process, bool program_ends);
  void search_files();
  /// Reports what was found since the last time.
  void report(const std::string& where);

  Desk desk;
  std::filesystem::path site;
  std::string ticket;
  Needles needles;        ///< everything that must not be there when a program ends, or in a file
  Needles while_it_runs;  ///< without the site's own keys: an open desk needs them
  Needles by_chance;      ///< short ones, of this round
  std::set<std::string> left;
  std::function<void()> before_look;  ///< may plant what came up meanwhile

 private:
  void plant();
  void lift_limits();
  void take_a_password();
  void import_secrets();
  void plant_shown();

  std::filesystem::path holders_folder() const { return desk.file("") / "holder"; }

  const Program* showing_ = nullptr;
  std::string shown_as_;
  std::set<std::string> perhaps_left_;
  std::array<std::set<std::string>, 2> suspected_;
  std::size_t round_ = 0;
};

}  // namespace anahtar::testing
