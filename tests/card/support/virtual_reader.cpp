// SPDX-License-Identifier: GPL-3.0-or-later
#include "card/support/virtual_reader.h"

#include <fmt/format.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>
#include <winscard.h>

#include <cstdlib>
#include <fstream>
#include <stdexcept>

#include "card/emulated/vpcd_client.h"

namespace anahtar::testing {
namespace {

using namespace std::chrono_literals;

constexpr const char* service_folder = "/run/pcscd";
constexpr const char* readers_folder = "/etc/reader.conf.d";
constexpr const char* packaged_driver = "/usr/lib/pcsc/drivers/serial/libifdvpcd.so";

/// Acknowledgements at once: with delayed ones every command takes 44 ms.
constexpr const char* network =
    "ip link set lo up && for to in 127.0.0.0/8 127.0.0.1; do "
    "ip route change table local local $to dev lo proto kernel scope host src 127.0.0.1 quickack 1 || exit 1; done";

std::string enter_namespaces() {
  for (const char* each : {"/usr/sbin/pcscd", "/usr/sbin/ip", packaged_driver})
    if (::access(each, F_OK) != 0) return std::string(each) + " is missing; install pcscd, vsmartcard-vpcd and iproute2.";
  if (::access(service_folder, F_OK) != 0 && ::mkdir(service_folder, 0755) != 0) return "There is no /run/pcscd, and it cannot be made.";
  if (::unshare(CLONE_NEWNET | CLONE_NEWNS) != 0) return "Making a network namespace is not permitted here; run as root.";
  if (::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 || ::mount("none", service_folder, "tmpfs", 0, nullptr) != 0 ||
      ::mount("none", readers_folder, "tmpfs", 0, nullptr) != 0)
    return "Mounting is not permitted here; run as root.";
  if (std::system(network) != 0) return "The loopback of a network namespace cannot be set up.";
  return {};
}

/// A look at the service with a context of its own; false when there is no service.
bool state_of(const std::string& reader, DWORD& state) {
  SCARDCONTEXT context = 0;
  if (SCardEstablishContext(SCARD_SCOPE_SYSTEM, nullptr, nullptr, &context) != SCARD_S_SUCCESS) return false;
  SCARD_READERSTATE asked{};
  asked.szReader = reader.c_str();
  const bool known = SCardGetStatusChange(context, 0, &asked, 1) == SCARD_S_SUCCESS;
  state = asked.dwEventState;
  SCardReleaseContext(context);
  return known && (state & SCARD_STATE_UNKNOWN) == 0;
}

}  // namespace

const std::string& VirtualReader::missing() {
  static const std::string reason = enter_namespaces();
  return reason;
}

const std::string& VirtualReader::name(int slot) {
  static const std::string names[] = {"Virtual PCD 00 00", "Virtual PCD 00 01"};
  return names[slot];
}

std::uint16_t VirtualReader::port(int slot) { return static_cast<std::uint16_t>(35963 + slot); }

VirtualReader::VirtualReader(std::string driver) : driver_(driver.empty() ? packaged_driver : std::move(driver)) {
  if (!missing().empty()) throw std::runtime_error(missing());
  start_service();
}

VirtualReader::~VirtualReader() = default;

void VirtualReader::start_service() {
  const auto channel = fmt::format("0x{:04X}", port());
  std::ofstream(std::filesystem::path(readers_folder) / "virtual")
      << "FRIENDLYNAME \"Virtual PCD\"\nDEVICENAME /dev/null:" << channel << "\nCHANNELID " << channel
      << "\nLIBPATH " << driver_ << "\n";
  service_ = std::make_unique<ServerProcess>("/usr/sbin/pcscd", std::vector<std::string>{"--foreground"}, folder_ / "pcscd.log", "pcscd");
  DWORD state = 0;
  if (!wait_until([&] { return listens(port(1)) && state_of(name(1), state); }))
    throw std::runtime_error("pcscd has no virtual readers: " + service_->output());
}

void VirtualReader::kill_service() {
  service_.reset();
  std::error_code ignored;
  for (const auto& each : std::filesystem::directory_iterator(service_folder, ignored)) std::filesystem::remove(each.path(), ignored);
}

bool VirtualReader::wait_for_card(bool present, int slot, std::chrono::milliseconds patience) {
  return wait_until(
      [&] {
        DWORD state = 0;
        return state_of(name(slot), state) && (state & (present ? SCARD_STATE_PRESENT : SCARD_STATE_EMPTY)) != 0 &&
               (state & SCARD_STATE_MUTE) == 0;
      },
      patience);
}

bool VirtualReader::wait_for_pulled_card(int slot) {
  if (!wait_for_card(false, slot)) return false;
  std::this_thread::sleep_for(500ms);
  return wait_for_card(false, slot);
}

void VirtualReader::insert(std::shared_ptr<card::EmulatedCard> card, int slot) {
  cards_[static_cast<std::size_t>(slot)] = std::jthread(
      [card = std::move(card), slot](std::stop_token stop) { card::emulated::stay_in_vpcd(*card, port(slot), stop); });
  if (!wait_for_card(true, slot)) throw std::runtime_error("pcscd did not notice the card");
}

void VirtualReader::remove(int slot) {
  cards_[static_cast<std::size_t>(slot)] = {};
  if (!wait_for_card(false, slot)) throw std::runtime_error("pcscd did not notice that the card is gone");
}

}  // namespace anahtar::testing
