# Language level, warnings, sanitizers and the compiler cache, the same for every target.
set(CMAKE_CXX_STANDARD 23)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_C_STANDARD 11)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
set(CMAKE_VISIBILITY_INLINES_HIDDEN ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE RelWithDebInfo CACHE STRING "Build type" FORCE)
endif()

find_program(CCACHE ccache)
if(CCACHE)
  # The sloppiness that precompiled headers need; base_dir lets two checkouts share the cache.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env
      CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
      CCACHE_BASEDIR=${PROJECT_SOURCE_DIR} CCACHE_NOHASHDIR=1 ${CCACHE})
  set(CMAKE_C_COMPILER_LAUNCHER ${CMAKE_CXX_COMPILER_LAUNCHER})
  add_compile_options(-fpch-preprocess)
endif()

add_compile_options(-Wall -Wextra -Wpedantic -Wshadow=local -Wnon-virtual-dtor -Woverloaded-virtual -g1)
# A designated initializer leaves out what is to have its default.
add_compile_options(-Wno-missing-field-initializers)

set(ANAHTAR_SANITIZE "" CACHE STRING "address, thread or undefined (address includes undefined)")
if(ANAHTAR_SANITIZE STREQUAL "address")
  # vptr needs the type information of every base class, and SOCI and protobuf hide theirs.
  add_compile_options(-fsanitize=address,undefined -fno-sanitize=vptr -fno-omit-frame-pointer
                      -fno-sanitize-recover=undefined)
  add_link_options(-fsanitize=address,undefined)
elseif(ANAHTAR_SANITIZE)
  add_compile_options(-fsanitize=${ANAHTAR_SANITIZE} -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${ANAHTAR_SANITIZE})
endif()
if(ANAHTAR_SANITIZE)
  add_compile_options(-O1)
endif()
