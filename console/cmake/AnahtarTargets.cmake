# How a folder becomes a target.

# anahtar_add_library(name sources...): one folder of console/, included as "folder/header.h".
function(anahtar_add_library name)
  add_library(anahtar_${name} STATIC ${ARGN})
  add_library(anahtar::${name} ALIAS anahtar_${name})
  target_include_directories(anahtar_${name} PUBLIC ${PROJECT_SOURCE_DIR}/console)
endfunction()

# Every plugin; the tests' own are built for the tests alone.
add_custom_target(anahtar_plugins)

# anahtar_add_plugin(name sources...): a shared object in build/plugins that sees the SDK and nothing else.
# It is signed with this build's plugin key after linking.
function(anahtar_add_plugin name)
  add_library(plugin_${name} MODULE ${ARGN})
  target_link_libraries(plugin_${name} PRIVATE anahtar::sdk)
  target_link_options(plugin_${name} PRIVATE -Wl,-z,nodelete -Wl,-z,now -Wl,--no-undefined)
  set_target_properties(plugin_${name} PROPERTIES PREFIX "" OUTPUT_NAME ${name}
                        LIBRARY_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/plugins)
  add_dependencies(anahtar_plugins plugin_${name})
endfunction()

# anahtar_add_test(name LIBS libraries... SOURCES files...): one GoogleTest program, each test its own ctest.
function(anahtar_add_test name)
  cmake_parse_arguments(ARG "" "" "LIBS;SOURCES" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE ${ARG_LIBS} anahtar_test_support GTest::gtest GTest::gmock GTest::gtest_main)
  gtest_discover_tests(${name} DISCOVERY_TIMEOUT 60 PROPERTIES TIMEOUT 120)
endfunction()
