# How a folder becomes a target.

# anahtar_translate_here(): this folder's strings and their Turkish, if it has a tr.po, belong to the catalogue.
function(anahtar_translate_here)
  get_property(known GLOBAL PROPERTY ANAHTAR_TRANSLATIONS)
  if(EXISTS ${CMAKE_CURRENT_SOURCE_DIR}/tr.po AND NOT ${CMAKE_CURRENT_SOURCE_DIR}/tr.po IN_LIST known)
    set_property(GLOBAL APPEND PROPERTY ANAHTAR_TRANSLATIONS ${CMAKE_CURRENT_SOURCE_DIR}/tr.po)
  endif()
endfunction()

# anahtar_add_library(name sources...): one folder of console/, included as "folder/header.h".
function(anahtar_add_library name)
  add_library(anahtar_${name} STATIC ${ARGN})
  add_library(anahtar::${name} ALIAS anahtar_${name})
  target_include_directories(anahtar_${name} PUBLIC ${PROJECT_SOURCE_DIR}/console)
  anahtar_translate_here()
endfunction()

# Every plugin; the tests' own are built for the tests alone.
add_custom_target(anahtar_plugins)

# anahtar_sign_plugin(target): after linking, strips the plugin and signs the file with this build's plugin key (build/keys,
# made on first use). Every start reads and hashes all of the file: without debug information it is a sixth of it.
function(anahtar_sign_plugin target)
  if(ANAHTAR_SANITIZE OR CMAKE_BUILD_TYPE STREQUAL "Debug")
    set(strip "")
  else()
    set(strip COMMAND ${CMAKE_STRIP} --strip-unneeded $<TARGET_FILE:${target}>)
  endif()
  add_custom_command(TARGET ${target} POST_BUILD VERBATIM ${strip}
    COMMAND $<TARGET_FILE:anahtar_sign> ${PROJECT_BINARY_DIR}/keys $<TARGET_FILE:${target}>)
  add_dependencies(${target} anahtar_sign)
endfunction()

# anahtar_add_plugin(name sources...): a shared object in build/plugins that sees the SDK and nothing else, signed.
# It is never unloaded, and what it lacks shows when it is linked.
function(anahtar_add_plugin name)
  add_library(plugin_${name} MODULE ${ARGN})
  target_link_libraries(plugin_${name} PRIVATE anahtar::sdk)
  target_link_options(plugin_${name} PRIVATE -Wl,-z,nodelete -Wl,-z,now)
  if(NOT ANAHTAR_SANITIZE) # its symbols come with the program
    target_link_options(plugin_${name} PRIVATE -Wl,--no-undefined)
  endif()
  set_target_properties(plugin_${name} PROPERTIES PREFIX "" OUTPUT_NAME ${name}
                        LIBRARY_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/plugins)
  anahtar_sign_plugin(plugin_${name})
  add_dependencies(anahtar_plugins plugin_${name})
  anahtar_translate_here()
endfunction()

# Seconds that a test may take; sanitizers make everything several times slower.
if(ANAHTAR_SANITIZE)
  set(ANAHTAR_TEST_PATIENCE 900)
else()
  set(ANAHTAR_TEST_PATIENCE 120)
endif()

# anahtar_add_test(name LIBS libraries... SOURCES files...): one GoogleTest program, each test its own ctest.
function(anahtar_add_test name)
  cmake_parse_arguments(ARG "" "" "LIBS;SOURCES" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE ${ARG_LIBS} anahtar_test_support GTest::gtest GTest::gmock GTest::gtest_main)
  gtest_discover_tests(${name} DISCOVERY_TIMEOUT ${ANAHTAR_TEST_PATIENCE} PROPERTIES TIMEOUT ${ANAHTAR_TEST_PATIENCE})
endfunction()
