// SPDX-License-Identifier: GPL-3.0-or-later
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <atomic>
#include <fstream>
#include <iostream>
#include <sstream>
#include <thread>

#include "card/emulated/card_maker.h"
#include "card/emulated/card_socket.h"
#include "card/emulated/demo_issuer.h"
#include "card/emulated/emulated_readers.h"
#include "card/emulated/misbehaviour.h"
#include "card/emulated/vpcd_client.h"
#include "core/national_id.h"
#include "crypto/base64.h"

/// anahtar-card: a smart card that does not exist, in a virtual reader of pcscd or on a private socket. A tool for tests
/// and demos: its PINs protect nothing, so they may stand on its command line.
namespace {

using namespace anahtar;
using namespace anahtar::card::emulated;
using namespace std::chrono_literals;

enum Exit { done = 0, failed = 1, wrong_usage = 2 };

/// What cannot be done as asked; a sentence for the person at the terminal.
struct Complaint : std::runtime_error {
  Complaint(int exit_status, const std::string& sentence) : std::runtime_error(sentence), status(exit_status) {}
  int status;
};

struct Arguments {
  std::string family, pin, puk, admin_pin, admin_key, serial, state, serve, authority, lie, ins, holder = "10000000146", name = "Ayşe Örnek";
  bool blocked = false, puk_blocked = false, no_puk = false, expired = false, untrusted = false, no_certificate = false,
       rsa = false, metadata = false, packed = false, t0 = false, erases = false, hashed = false, late = false, show = false, tell = false;
  int port = 35963, tries = 3, puk_tries = 3, admin_tries = 0, slow = 0, again_after = -1;
  int pull_at = 0, silent_at = 0, reset_at = 0, garbage_at = 0, forget_at = 0;
};

constexpr const char* examples = R"(Examples:
  anahtar-card piv --blocked                     a PIV card with a blocked PIN in the first virtual reader of pcscd
  anahtar-card gids --blocked --port 35964       … and a GIDS card in the second
  anahtar-card akis --no-puk --blocked --serve ~/cards/desk.card
                                                 a card that only its issuer unlocks, for a console without pcscd
  anahtar-card openpgp --state ~/card.memory     counters and PINs stay when the program ends
  anahtar-card piv --blocked --pull-at 12        drawn out of the reader at its 12th command

SIGUSR1 takes the card out of the reader and puts it back. Exit status: 0 the card was taken out, 1 it could not be
served, 2 wrong usage.)";

void add_card(CLI::App& app, Arguments& a) {
  app.add_option("family", a.family, "piv, gids, openpgp, akis, akis-1.0, akis-1.2 or iso")->required()->check(CLI::IsMember(families()));
  app.add_option("--pin", a.pin, "The PIN; else 123456");
  app.add_option("--puk", a.puk, "The PUK or resetting code; else 12345678");
  app.add_option("--admin-pin", a.admin_pin, "OpenPGP's and ISO's administrator's PIN; else 12345678");
  app.add_option("--admin-key", a.admin_key, "GIDS: the administration key, 24 bytes in hexadecimal; else the well-known one");
  app.add_option("--tries", a.tries, "Tries for the PIN")->check(CLI::Range(1, 15));
  app.add_option("--puk-tries", a.puk_tries, "Tries for the PUK")->check(CLI::Range(1, 15));
  app.add_option("--admin-tries", a.admin_tries, "GIDS: wrong responses that kill the administration key; 0: any number")->check(CLI::Range(0, 15));
  app.add_flag("--blocked", a.blocked, "The PIN is blocked");
  app.add_flag("--puk-blocked", a.puk_blocked, "The PUK is blocked too");
  app.add_flag("--no-puk", a.no_puk, "There is no PUK; an AKİS card is then unlocked by the demo issuer");
  app.add_flag("--erases", a.erases, "PIV: PIN and PUK exhausted erase the keys");
  app.add_flag("--metadata", a.metadata, "PIV: the card tells its PUK's tries, as YubiKeys from 5.3 on");
  app.add_flag("--packed", a.packed, "PIV: the certificate is kept as gzip");
  app.add_flag("--hashed", a.hashed, "OpenPGP: PINs are hashed by the reader's side (KDF-DO)");
  app.add_flag("--t0", a.t0, "Speaks T=0");
  app.add_option("--serial", a.serial, "The serial number in hexadecimal");
  app.add_option("--state", a.state, "Keep the card's memory in this file");
  app.add_flag("--show", a.show, "Print the PINs; without it they are never printed");
}

void add_holder(CLI::App& app, Arguments& a) {
  app.add_option("--holder", a.holder, "The holder's T.C. Kimlik No, in the certificate");
  app.add_option("--name", a.name, "The holder's name, in the certificate");
  app.add_flag("--expired", a.expired, "The certificate has expired");
  app.add_flag("--untrusted", a.untrusted, "Another root has issued it");
  app.add_flag("--no-certificate", a.no_certificate, "The card holds no key and no certificate");
  app.add_flag("--rsa", a.rsa, "The key is RSA-2048; else on P-256");
  app.add_option("--authority", a.authority, "A folder for the demo authority: root.pem for whoever shall trust it; made when it is not there");
}

void add_place(CLI::App& app, Arguments& a) {
  auto* port = app.add_option("--port", a.port, "The virtual reader's port")->check(CLI::Range(1, 65535));
  app.add_option("--serve", a.serve, "Serve the card on this private socket (FOLDER/NAME.card) instead")->excludes(port);
}

void add_faults(CLI::App& app, Arguments& a) {
  const auto count = CLI::Range(1, 100000);
  app.add_option("--pull-at", a.pull_at, "Pulled out at the N-th command")->check(count);
  app.add_option("--silent-at", a.silent_at, "No answer to the N-th command")->check(count);
  app.add_option("--reset-at", a.reset_at, "Reset by another program at the N-th command")->check(count);
  app.add_option("--garbage-at", a.garbage_at, "An answer that is none to the N-th command")->check(count);
  app.add_option("--forget-at", a.forget_at, "Without power for a moment, and nobody tells, at the N-th command")->check(count);
  app.add_option("--ins", a.ins, "The five above count only commands with this instruction byte, e.g. 2C");
  app.add_flag("--late", a.late, "… and the card does first what it was told");
  app.add_option("--again-after", a.again_after, "A card that was pulled comes back after so many milliseconds")->check(CLI::Range(0, 600000));
  app.add_option("--slow", a.slow, "Every answer takes so many milliseconds")->check(CLI::Range(0, 60000));
  app.add_option("--lie", a.lie, "yes: every unlock is said to have worked; counter: the counters never change")->check(CLI::IsMember({"yes", "counter"}));
  app.add_flag("--tell", a.tell, "Print the header and the length of each command, never its data, and what goes wrong at it");
}

Bytes hexadecimal(const std::string& text, const std::string& what) {
  const auto bytes = crypto::hex_decode(text);
  if (!bytes || bytes->empty()) throw Complaint(wrong_usage, what + " is not hexadecimal, or not whole bytes of it.");
  return *bytes;
}

Bytes serial_of(const Arguments& a) {
  if (a.serial.empty()) return {};
  Bytes serial = hexadecimal(a.serial, "The serial number");
  const auto lengths = serial_lengths(a.family);
  if (std::ranges::find(lengths, serial.size()) == lengths.end())
    throw Complaint(wrong_usage, "A serial number of that family has " + (lengths.size() > 2 ? "1 to 16" : std::to_string(lengths[0])) +
                                     (lengths.size() == 2 ? " or " + std::to_string(lengths[1]) : "") + " bytes.");
  return serial;
}

/// The value itself never appears in a sentence.
std::string code_of(const std::string& given, const char* what, const char* usual, std::size_t least, std::size_t most, bool digits) {
  if (given.empty()) return usual;
  if (given.size() < least || given.size() > most || (digits && given.find_first_not_of("0123456789") != given.npos))
    throw Complaint(wrong_usage, std::string("The ") + what + " of that family has " + std::to_string(least) +
                                     (least == most ? "" : " to " + std::to_string(most)) + (digits ? " digits." : " characters."));
  return given;
}

void set_codes(const Arguments& a, CardOptions& options) {
  const bool piv = a.family == "piv", gids = a.family == "gids", openpgp = a.family == "openpgp", akis = a.family.starts_with("akis");
  const std::size_t least = gids || akis ? 4 : 6, most = gids ? 15 : akis ? 16 : openpgp ? 127 : 8;
  options.pin = code_of(a.pin, "PIN", "123456", least, most, piv || akis);
  options.puk = code_of(a.puk, "PUK", "12345678", 8, openpgp ? 127 : 8, piv || akis);
  options.admin_pin = code_of(a.admin_pin, "administrator's PIN", "12345678", 8, openpgp ? 127 : 8, false);
}

std::string content_of(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::ostringstream all;
  all << stream.rdbuf();
  return all.str();
}

void write_file(const std::filesystem::path& file, std::string_view text, mode_t mode) {
  const int descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
  const bool good = descriptor >= 0 && ::write(descriptor, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  if (descriptor >= 0) ::close(descriptor);
  if (!good) throw Complaint(failed, "The demo authority cannot be written to " + file.string() + ".");
}

/// authority.pem holds the key, root.pem is for everybody.
crypto::DemoAuthority authority_of(const Arguments& a) {
  const auto fresh = [] { return crypto::DemoAuthority::create("Anahtar demo root"); };
  if (a.authority.empty()) return fresh();
  const std::filesystem::path folder = a.authority, file = folder / "authority.pem";
  std::error_code ignored;
  if (std::filesystem::exists(file, ignored)) {
    auto known = crypto::DemoAuthority::parse(content_of(file));
    if (!known) throw Complaint(failed, file.string() + " is not a demo authority.");
    return *known;
  }
  std::filesystem::create_directories(folder, ignored);
  auto made = fresh();
  write_file(file, made.pem().expose(), 0600);
  write_file(folder / "root.pem", made.root_pem(), 0644);
  return made;
}

Holder holder_of(const Arguments& a) {
  if (a.no_certificate) return {};
  if (!core::is_national_id(a.holder)) throw Complaint(wrong_usage, "That is no T.C. Kimlik No: " + a.holder);
  auto authority = authority_of(a);
  if (a.untrusted) authority = crypto::DemoAuthority::create("Anahtar unknown root");
  HolderWish wish{a.holder, a.name, a.rsa ? crypto::CardKey::Kind::rsa2048 : crypto::CardKey::Kind::p256, a.expired};
  return make_holder(authority, wish);
}

CardOptions options_of(const Arguments& a) {
  CardOptions options;
  set_codes(a, options);
  if (!a.admin_key.empty()) options.admin_key = hexadecimal(a.admin_key, "The administration key");
  if (!a.admin_key.empty() && options.admin_key.size() != 24) throw Complaint(wrong_usage, "An administration key has 24 bytes.");
  options.pin_tries = a.tries;
  options.puk_tries = a.puk_tries;
  options.admin_tries = a.admin_tries;
  options.pin_blocked = a.blocked;
  options.puk_blocked = a.puk_blocked;
  options.no_puk = a.no_puk;
  options.erases_when_exhausted = a.erases;
  options.hashed_pins = a.hashed;
  options.tells_puk_tries = a.metadata;
  options.packed_certificate = a.packed;
  options.t0 = a.t0;
  options.serial = serial_of(a);
  if (a.no_puk) options.issuer_master_key = demo_master_key();
  options.holder = holder_of(a);
  return options;
}

void add_faults_to(Misbehaviour& card, const Arguments& a) {
  using enum Fault::Kind;
  std::optional<std::uint8_t> ins;
  if (!a.ins.empty()) ins = hexadecimal(a.ins, "The instruction byte").at(0);
  for (const auto& [kind, at] : {std::pair{pull, a.pull_at}, {silence, a.silent_at}, {reset, a.reset_at}, {garbage, a.garbage_at}, {forget, a.forget_at}})
    if (at > 0) card.add({.kind = kind, .at = at, .ins = ins, .after = a.late});
  if (a.lie == "yes") card.add({.kind = say_yes, .at = 0, .ins = 0x2C});
  if (a.lie == "counter")
    for (const std::uint8_t each : {0x20, 0xCA, 0xCB}) card.add({.kind = repeat, .at = 0, .ins = each});
  if (a.slow > 0) card.add({.kind = slow, .at = 0, .delay = std::chrono::milliseconds(a.slow)});
}

const char* name_of(Fault::Kind kind) {
  switch (kind) {
    case Fault::Kind::pull: return "pulled";
    case Fault::Kind::reset: return "reset";
    case Fault::Kind::forget: return "forgets";
    case Fault::Kind::silence: return "silent";
    case Fault::Kind::garbage: return "garbage";
    case Fault::Kind::slow: return "slow";
    case Fault::Kind::say_yes: return "says yes";
    case Fault::Kind::repeat: break;
  }
  return "repeats itself";
}

/// A line for each command: "00 2C 00 80, 21 bytes: pulled".
void tell(BytesView command, const std::optional<Fault>& struck) {
  const BytesView header = command.first(std::min<std::size_t>(4, command.size()));
  std::cout << fmt::format("{:02X}, {} bytes{}{}\n", fmt::join(header, " "), command.size(), struck ? ": " : "",
                           struck ? name_of(struck->kind) : "")
            << std::flush;
}

std::shared_ptr<Misbehaviour> card_of(const Arguments& a) {
  auto made = make_card(a.family, options_of(a));
  std::shared_ptr<card::EmulatedCard> card;
  if (a.state.empty()) {
    card = std::move(made);
  } else {
    auto remembering = with_memory(std::move(made), a.family, a.state);
    if (!remembering) throw Complaint(failed, sdk::fill(remembering.error().sentence.id, remembering.error().sentence.args));
    card = std::move(*remembering);
  }
  auto misbehaving = std::make_shared<Misbehaviour>(std::move(card));
  add_faults_to(*misbehaving, a);
  if (a.tell) misbehaving->tell(tell);
  return misbehaving;
}

/// Waits for signals; `toggle` is called at each SIGUSR1, `look` now and then until it says that all is over.
template <class Toggle, class Look>
void until_told_to_end(Toggle toggle, Look look) {
  sigset_t awaited;
  ::sigemptyset(&awaited);
  for (const int each : {SIGTERM, SIGINT, SIGHUP, SIGUSR1}) ::sigaddset(&awaited, each);
  const timespec glance{0, 50'000'000};
  while (look()) {
    const int got = ::sigtimedwait(&awaited, nullptr, &glance);
    if (got == SIGUSR1) toggle();
    if (got == SIGTERM || got == SIGINT || got == SIGHUP) return;
  }
}

void say(const Arguments& a, const std::string& place) {
  std::cout << "An emulated " << a.family << " card is in " << place << ".\n";
  if (a.show)
    std::cout << "PIN " << (a.pin.empty() ? "123456" : a.pin) << ", PUK " << (a.no_puk ? "none" : a.puk.empty() ? "12345678" : a.puk)
              << ", administrator " << (a.admin_pin.empty() ? "12345678" : a.admin_pin) << "\n";
  std::cout.flush();
}

int serve_on_socket(const Arguments& a, const std::shared_ptr<Misbehaviour>& card) {
  const std::filesystem::path path = a.serve;
  if (path.extension() != ".card") throw Complaint(wrong_usage, "The socket's name ends in .card, for the console to find it.");
  const std::string reader = path.stem().string();
  const auto readers = std::make_shared<EmulatedReaders>();
  readers->insert(reader, card);
  const auto socket = CardSocket::open(path, readers, reader);
  if (!socket) throw Complaint(failed, sdk::fill(socket.error().sentence.id, socket.error().sentence.args));
  say(a, path.string());
  const auto inside = [&] { return readers->list().at(0).presence != core::CardReaderState::Presence::empty; };
  auto out_since = std::chrono::steady_clock::now();
  bool taken = false;
  until_told_to_end(
      [&] {
        taken = inside();
        taken ? readers->remove(reader) : readers->insert(reader, card);
      },
      [&] {
        const auto now = std::chrono::steady_clock::now();
        if (inside()) out_since = now;
        if (!taken && a.again_after >= 0 && now - out_since > std::chrono::milliseconds(a.again_after)) readers->insert(reader, card);
        return true;
      });
  return done;
}

/// Waits for the reader: pcscd may still be starting, or start anew.
Stay stay(Misbehaviour& card, std::uint16_t port, std::stop_token stop, const std::function<void()>& inserted) {
  auto ended = Stay::nobody_listens;
  for (int attempt = 0; attempt < 50 && ended == Stay::nobody_listens && !stop.stop_requested(); ++attempt) {
    ended = stay_in_vpcd(card, port, stop, inserted);
    if (ended == Stay::nobody_listens) std::this_thread::sleep_for(100ms);
  }
  return ended;
}

int serve_in_vpcd(const Arguments& a, const std::shared_ptr<Misbehaviour>& card) {
  const auto port = static_cast<std::uint16_t>(a.port);
  std::atomic<bool> inside = false, over = false;
  bool said = false;
  std::atomic<Stay> ended = Stay::stopped;
  const auto insert = [&] {
    return std::jthread([&](std::stop_token stop) {
      while (!stop.stop_requested()) {
        ended = stay(*card, port, stop, [&] {
          if (!std::exchange(said, true)) say(a, "the virtual reader on port " + std::to_string(port));
          inside = true;
        });
        inside = false;
        if (ended == Stay::pulled && a.again_after >= 0) {
          std::this_thread::sleep_for(std::chrono::milliseconds(a.again_after));
        } else if (ended != Stay::reader_gone) {
          break;
        }
      }
      over = !stop.stop_requested();
    });
  };
  std::jthread staying = insert();
  until_told_to_end(
      [&] {
        const bool was_inside = inside;
        staying.request_stop();
        if (staying.joinable()) staying.join();
        staying = was_inside ? std::jthread() : insert();
      },
      [&] { return !over; });
  staying.request_stop();
  if (staying.joinable()) staying.join();
  if (ended == Stay::nobody_listens) {
    std::cerr << "No virtual reader listens on port " << a.port << ". Does pcscd run, with vsmartcard-vpcd installed?\n";
    return failed;
  }
  return done;
}

int run(int count, char** values) {
  Arguments arguments;
  CLI::App app("anahtar-card: a smart card that does not exist, for tests and demos", "anahtar-card");
  add_card(app, arguments);
  add_holder(app, arguments);
  add_place(app, arguments);
  add_faults(app, arguments);
  app.footer(examples);
  try {
    app.parse(count, values);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? done : wrong_usage;
  }
  const auto card = card_of(arguments);
  return arguments.serve.empty() ? serve_in_vpcd(arguments, card) : serve_on_socket(arguments, card);
}

}  // namespace

int main(int count, char** values) {
  sigset_t awaited;
  ::sigemptyset(&awaited);
  for (const int each : {SIGTERM, SIGINT, SIGHUP, SIGUSR1}) ::sigaddset(&awaited, each);
  ::sigprocmask(SIG_BLOCK, &awaited, nullptr);  // for every thread: they are waited for in one place
  try {
    return run(count, values);
  } catch (const Complaint& complaint) {
    std::cerr << complaint.what() << '\n';
    return complaint.status;
  } catch (const std::exception&) {  // what() may quote what was given
    std::cerr << "The card cannot be made of these options. A name has at most 64 letters, in UTF-8.\n";
    return failed;
  }
}
