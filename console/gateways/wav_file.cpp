// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateways/wav_file.h"

#include <fcntl.h>
#include <sndfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <vector>

#include "crypto/base64.h"
#include "crypto/digest.h"

namespace anahtar::gateways {
namespace {

using core::Code;
using core::FailureError;
using sdk::tr;

constexpr sf_count_t frames_at_once = 16 * 1024;
constexpr float faintest = 0.001F;  // of 1: no line is as quiet
constexpr int most_channels = 8, highest_rate = 192'000;

class File {
 public:
  explicit File(const std::filesystem::path& path) : number_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {}
  ~File() {
    if (number_ >= 0) ::close(number_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  int number() const { return number_; }

 private:
  int number_;
};

struct SoundCloser {
  void operator()(SNDFILE* sound) const { ::sf_close(sound); }
};
using Sound = std::unique_ptr<SNDFILE, SoundCloser>;

[[noreturn]] void refuse(core::Text sentence) { throw FailureError({Code::invalid, std::move(sentence)}); }
[[noreturn]] void not_complete() {
  refuse(tr("The recording is not complete. Wait until the telephone system has written all of it."));
}

std::int64_t checked_size(const File& file, std::int64_t largest) {
  struct stat found{};
  if (file.number() < 0 || ::fstat(file.number(), &found) != 0 || !S_ISREG(found.st_mode))
    refuse(tr("The recording cannot be read."));
  if (found.st_size > largest)
    refuse(tr("The recording is too large: at most {1} MB.", std::to_string(largest / (1024 * 1024))));
  return found.st_size;
}

/// What the file says of its own length (RIFF chunk size, little-endian at byte 4) against what is there: libsndfile takes
/// a file that was cut as if it had been meant so.
void check_riff(const File& file, std::int64_t size) {
  std::array<unsigned char, 12> head{};
  if (::pread(file.number(), head.data(), head.size(), 0) != static_cast<ssize_t>(head.size()) ||
      std::string_view(reinterpret_cast<const char*>(head.data()), 4) != "RIFF" ||
      std::string_view(reinterpret_cast<const char*>(head.data()) + 8, 4) != "WAVE")
    refuse(tr("The file is no WAV file."));
  std::int64_t told = 8;
  for (std::size_t i = 0; i < 4; ++i) told += std::int64_t{head[4 + i]} << (8 * i);
  if (told > size || told <= 12) not_complete();
}

/// Reads every sample; how long it lasts.
std::int64_t milliseconds_of(const File& file) {
  SF_INFO info{};
  if (::lseek(file.number(), 0, SEEK_SET) != 0) refuse(tr("The recording cannot be read."));
  const Sound sound(::sf_open_fd(file.number(), SFM_READ, &info, SF_FALSE));
  const int container = info.format & SF_FORMAT_TYPEMASK;
  if (!sound || (container != SF_FORMAT_WAV && container != SF_FORMAT_WAVEX)) refuse(tr("The file is no WAV file."));
  const bool sensible = info.frames > 0 && info.channels > 0 && info.channels <= most_channels && info.samplerate > 0 &&
                        info.samplerate <= highest_rate;
  if (!sensible) refuse(tr("The recording holds no sound."));
  std::vector<float> samples(static_cast<std::size_t>(frames_at_once) * static_cast<std::size_t>(info.channels));
  sf_count_t read = 0;
  float loudest = 0;
  for (sf_count_t got = 1; got > 0; read += got) {
    got = ::sf_readf_float(sound.get(), samples.data(), frames_at_once);
    for (sf_count_t i = 0; i < got * info.channels; ++i) loudest = std::max(loudest, std::abs(samples[static_cast<std::size_t>(i)]));
  }
  if (read != info.frames || ::sf_error(sound.get()) != SF_ERR_NO_ERROR) not_complete();
  if (loudest < faintest) refuse(tr("The recording is silent. Attach the recording of the call."));
  return info.frames * 1000 / info.samplerate;
}

std::string digest_of(const File& file, std::int64_t size) {
  crypto::Sha256 digest;
  std::vector<std::uint8_t> piece(64 * 1024);
  for (std::int64_t at = 0; at < size;) {
    const auto got = ::pread(file.number(), piece.data(), piece.size(), at);
    if (got <= 0) refuse(tr("The recording cannot be read."));
    digest.update(crypto::BytesView(piece.data(), static_cast<std::size_t>(got)));
    at += got;
  }
  return crypto::hex_encode(digest.finish());
}

}  // namespace

core::Result<core::SoundFacts> WavInspector::inspect(const std::filesystem::path& path, std::int64_t largest) {
  return core::guarded([&]() -> core::Result<core::SoundFacts> {
    const File file(path);
    core::SoundFacts facts;
    facts.bytes = checked_size(file, largest);
    check_riff(file, facts.bytes);
    facts.sha256 = digest_of(file, facts.bytes);
    facts.milliseconds = milliseconds_of(file);
    return facts;
  });
}

}  // namespace anahtar::gateways
