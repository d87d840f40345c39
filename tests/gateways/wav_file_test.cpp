// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateways/wav_file.h"

#include <gtest/gtest.h>
#include <sndfile.h>

#include <fstream>
#include <sstream>

#include "support/temporary_folder.h"

namespace anahtar {
namespace {

using core::Code;

constexpr std::int64_t largest = 10 * 1024 * 1024;

struct WavFile : ::testing::Test {
  std::filesystem::path sound(const char* name, int format, int frames = 16000, std::size_t loudest = 20000) const {
    SF_INFO info{};
    info.samplerate = 8000;
    info.channels = 1;
    info.format = format;
    const auto path = folder / name;
    SNDFILE* file = ::sf_open(path.c_str(), SFM_WRITE, &info);
    std::vector<short> samples(static_cast<std::size_t>(frames));
    for (std::size_t i = 0; i < samples.size(); ++i) samples[i] = static_cast<short>(loudest == 0 ? 0 : i * 97 % loudest);
    ::sf_writef_short(file, samples.data(), frames);
    ::sf_close(file);
    return path;
  }
  std::string content(const std::filesystem::path& path) const {
    std::ostringstream text;
    text << std::ifstream(path, std::ios::binary).rdbuf();
    return text.str();
  }
  std::filesystem::path write(const char* name, const std::string& bytes) const {
    std::ofstream(folder / name, std::ios::binary) << bytes;
    return folder / name;
  }
  Code refusal(const std::filesystem::path& path) {
    const auto facts = inspector.inspect(path, largest);
    EXPECT_FALSE(facts) << path;
    return facts ? Code::internal : facts.error().code;
  }
  testing::TemporaryFolder folder;
  gateways::WavInspector inspector;
};

TEST_F(WavFile, IsMeasuredInTheFormatsOfTelephoneSystems) {
  for (const int format : {SF_FORMAT_PCM_16, SF_FORMAT_ALAW, SF_FORMAT_ULAW, SF_FORMAT_GSM610}) {
    const auto facts = inspector.inspect(sound("call.wav", SF_FORMAT_WAV | format), largest);
    ASSERT_TRUE(facts) << format;
    EXPECT_NEAR(static_cast<double>(facts->milliseconds), 2000, 50) << format;
    EXPECT_EQ(facts->sha256.size(), 64u);
    EXPECT_EQ(facts->bytes, static_cast<std::int64_t>(std::filesystem::file_size(folder / "call.wav")));
  }
}

TEST_F(WavFile, IsRefusedWhenNothingIsHeardInIt) {
  const auto silent = sound("silent.wav", SF_FORMAT_WAV | SF_FORMAT_PCM_16, 16000, 0);
  EXPECT_EQ(refusal(silent), Code::invalid);
  EXPECT_TRUE(inspector.inspect(sound("faint.wav", SF_FORMAT_WAV | SF_FORMAT_PCM_16, 16000, 60), largest)) << "a bad line is no silence";
}

TEST_F(WavFile, IsRefusedWhenItWasCutAnywhere) {
  const auto whole = content(sound("call.wav", SF_FORMAT_WAV | SF_FORMAT_PCM_16));
  for (const std::size_t length : {whole.size() - 1, whole.size() / 2, std::size_t{44}, std::size_t{11}, std::size_t{0}})
    EXPECT_EQ(refusal(write("cut.wav", whole.substr(0, length))), Code::invalid) << length;
}

TEST_F(WavFile, IsRefusedWhileItIsStillBeingWritten) {
  auto streaming = content(sound("call.wav", SF_FORMAT_WAV | SF_FORMAT_PCM_16));
  streaming.replace(4, 4, "\xff\xff\xff\xff");
  EXPECT_EQ(refusal(write("streaming.wav", streaming)), Code::invalid);
  streaming.replace(4, 4, std::string(4, '\0'));
  EXPECT_EQ(refusal(write("empty-size.wav", streaming)), Code::invalid);
}

TEST_F(WavFile, IsNothingElse) {
  EXPECT_EQ(refusal(sound("call.flac", SF_FORMAT_FLAC | SF_FORMAT_PCM_16)), Code::invalid);
  EXPECT_EQ(refusal(sound("call.aiff", SF_FORMAT_AIFF | SF_FORMAT_PCM_16)), Code::invalid);
  EXPECT_EQ(refusal(write("text.wav", std::string(5000, 'x'))), Code::invalid);
  EXPECT_EQ(refusal(write("head.wav", "RIFF" + std::string("\x20\0\0\0", 4) + "WAVE" + std::string(5000, 'x'))), Code::invalid);
  EXPECT_EQ(refusal(sound("silence.wav", SF_FORMAT_WAV | SF_FORMAT_PCM_16, 0)), Code::invalid);
  EXPECT_EQ(refusal(folder / "nothing.wav"), Code::invalid);
  EXPECT_EQ(refusal(folder.path()), Code::invalid);
  EXPECT_EQ(refusal("/dev/zero"), Code::invalid);
}

TEST_F(WavFile, IsBoundedInSize) {
  const auto path = sound("call.wav", SF_FORMAT_WAV | SF_FORMAT_PCM_16);
  const auto size = static_cast<std::int64_t>(std::filesystem::file_size(path));
  EXPECT_TRUE(inspector.inspect(path, size));
  EXPECT_FALSE(inspector.inspect(path, size - 1));
}

}  // namespace
}  // namespace anahtar
