// SPDX-License-Identifier: GPL-3.0-or-later
// The window itself, on a virtual screen, worked with keys alone: what is left in its memory of what holders see and type.
#include <algorithm>
#include <fstream>
#include <sstream>
#include <thread>

#include "app/secrets/secrets_fixture.h"
#include "app/shown_window.h"
#include "crypto/base64.h"

namespace anahtar::testing {
namespace {

namespace fs = std::filesystem;

class WindowSecrets : public Secrets {
 protected:
  void SetUp() override {
    ASSERT_NO_FATAL_FAILURE(Secrets::SetUp());
    if (IsSkipped()) return;
    memory = desk.file("") / "holder" / "card.memory";
    shown = std::make_unique<ShownWindow>(desk);
    screen = &shown->screen;
    window = shown->program.get();
  }

  void shows(const char* what) { shown->shows(what); }
  void press(const char* key, const char* leads_to) { shown->press(key, leads_to); }
  /// The same where the holder looks: their window is deaf to Enter for a moment.
  void press_when_it_listens(const char* key, const char* leads_to) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1200));
    press(key, leads_to);
  }
  void sign_in(const std::string& password, const char* leads_to) { shown->sign_in("field", password, leads_to); }
  std::unique_ptr<ServedCard> insert(std::vector<std::string> words) {
    const std::vector<std::string> common = {"--blocked", "--pin", old_pin, "--holder", holder, "--state", memory};
    words.insert(words.end(), common.begin(), common.end());
    fs::remove(memory);
    return std::make_unique<ServedCard>(desk, site, words);
  }
  void as_far_as_the_plan() {
    press("Return", "the question for the identity card");
    screen->type(document);
    shows("the document");
    press("Tab", "the question for the photo");
    press("Down", "its answer");
    press("Return", "that the document is right");
    press("Return", "the plan");
  }
  void next_holder(std::unique_ptr<ServedCard>& card) {
    press("Return", "that the card is done");
    press("Return", "the next holder");
    card.reset();
    shows("an empty reader");
  }
  /// The PIN that the card has now.
  std::string pin_of_card() const {
    std::istringstream lines(content_of(memory));
    for (std::string line; std::getline(lines, line);)
      if (line.starts_with("pin ")) return std::string(crypto::text_of(crypto::hex_decode(line.substr(4)).value_or(crypto::Bytes())));
    return {};
  }
  bool memory_holds(const std::string& text) {
    Needles one;
    one.plant_text("it", text);
    bool found = false;
    for_memory_of(window->process(), [&](std::string_view piece) { found |= !one.found_in(piece).empty(); });
    return found;
  }
  void search(const std::string& when) {
    search_memory(window->process(), false);
    report(when + ", the window's memory");
  }
  void close() {
    ASSERT_TRUE(window->watch_ends([this](pid_t process, bool program_ends) {
      if (program_ends) search_memory(process, true);
    }));
    screen->close_window();
    ends(*window, "the window was closed");
  }

  fs::path memory;  ///< the card's
  std::unique_ptr<ShownWindow> shown;
  Screen* screen = nullptr;   ///< of `shown`
  Program* window = nullptr;  ///< likewise
};

TEST_F(WindowSecrets, OfWhatAHolderTypesStayNowhere) {
  sign_in(wrong_password, "that the password is wrong");
  search("after a wrong password");
  screen->type(operator_password);
  press("Return", "the field desk");
  search("after the sign-in");

  auto card = insert({"piv", "--serial", "A4000000000000000000000000000009", "--puk", typed_code});
  shows("the holder of the card");
  as_far_as_the_plan();
  screen->press("Down");  // the holder chooses
  shows("the other choice");
  press("Return", "the holder's window");
  ASSERT_EQ(screen->windows(), 2u);
  const auto give = [&](const char* first, const char* again, const char* leads_to) {
    screen->type(first);
    screen->press("Tab");
    screen->type(again);
    press("Return", leads_to);
  };
  give(typed_pin, mistyped_pin, "that the PINs differ");
  screen->type(typed_pin);
  EXPECT_TRUE(memory_holds(typed_pin)) << "a search that works finds what is being typed";
  screen->press("Tab");
  screen->type(typed_pin);
  press("Return", "the question for the code");
  screen->type(wrong_code);
  press("Return", "that the code is wrong");
  // Back at the plan: everything is asked once more.
  press("Return", "the holder's window");
  give(typed_pin, typed_pin, "the question for the code");
  screen->type(typed_code);
  press("Return", "that the card is unlocked");
  EXPECT_EQ(pin_of_card(), typed_pin);
  search("after the card was unlocked");
  next_holder(card);
  close();
}

TEST_F(WindowSecrets, OfWhatAHolderIsShownStayNowhere) {
  sign_in(operator_password, "the field desk");
  twice([this] {
    auto card = insert({"piv", "--serial", "A4000000000000000000000000000001", "--puk", vault_puk});
    shows("the holder of the card");
    as_far_as_the_plan();
    press("Return", "that a PIN is there");
    press_when_it_listens("Return", "the PIN");
    const auto pin = pin_of_card();
    ASSERT_EQ(pin.size(), 6u);
    EXPECT_TRUE(memory_holds(pin)) << "a search that works finds what is being shown";
    plant_short("the PIN that was made", pin);
    press_when_it_listens("Return", "that the holder has seen it");
    search("after the PIN was shown");
    next_holder(card);
  });
  close();
}

}  // namespace
}  // namespace anahtar::testing
