// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desk.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "app/demo_data.h"

namespace anahtar::testing {

Desk::Desk() {
  for (const char* name : {"config", "data", "run"}) std::filesystem::create_directory(file(name));
  environment = {{"PATH", "/usr/bin:/bin"},
                 {"HOME", file("home").string()},
                 {"XDG_CONFIG_HOME", file("config").string()},
                 {"XDG_DATA_HOME", file("data").string()},
                 {"XDG_RUNTIME_DIR", file("run").string()},
                 {"ANAHTAR_DATABASE", database_url()},
                 {"ANAHTAR_PASSWORD_FILE", write("password", std::string(app::demo_password) + "\n").string()}};
  for (const char* passed_on : {"ASAN_OPTIONS", "LSAN_OPTIONS", "TSAN_OPTIONS", "UBSAN_OPTIONS"})
    if (const char* value = ::getenv(passed_on)) environment[passed_on] = value;
}

std::filesystem::path Desk::write(const std::string& name, const std::string& text) const {
  std::ofstream(file(name), std::ios::binary) << text;
  ::chmod(file(name).c_str(), 0600);
  return file(name);
}

Program Desk::start(const std::vector<std::string>& line, Program::Input input) const {
  std::vector<std::string> whole{ANAHTARCTL};
  whole.insert(whole.end(), line.begin(), line.end());
  return Program(folder_.path(), whole, environment, input);
}

Ended Desk::run(const std::vector<std::string>& line) const { return start(line).wait(); }

Ended Desk::as(const std::string& operator_name, std::vector<std::string> line) const {
  line.insert(line.end(), {"--operator", operator_name});
  return run(line);
}

nlohmann::json Desk::json_as(const std::string& operator_name, std::vector<std::string> line) const {
  line.push_back("--json");
  const auto ended = as(operator_name, line);
  EXPECT_EQ(ended.exit, 0) << line[0] << ": " << ended.err;
  const auto json = nlohmann::json::parse(ended.out, nullptr, false);
  EXPECT_FALSE(json.is_discarded()) << ended.out;
  return json;
}

void Desk::init_demo() {
  const auto ended = run({"init", "--demo"});
  ASSERT_EQ(ended.exit, 0) << ended.err;
}

void Desk::init_empty() {
  const auto ended = as("admin", {"init"});
  ASSERT_EQ(ended.exit, 0) << ended.err;
}

}  // namespace anahtar::testing
