# Every library that the program links, as imported targets. All of them are Debian packages.
find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
find_package(OpenSSL 3 REQUIRED)
find_package(SQLite3 REQUIRED)
find_package(Boost 1.74 REQUIRED) # headers only: Boost.DLL over std::filesystem
find_package(fmt REQUIRED)
find_package(CLI11 REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(tomlplusplus REQUIRED)
find_package(ICU REQUIRED COMPONENTS uc i18n)
find_package(ZLIB REQUIRED)
find_package(wxWidgets 3.2 REQUIRED COMPONENTS core base aui adv)
find_package(Intl REQUIRED)
pkg_check_modules(GTK3 REQUIRED IMPORTED_TARGET gtk+-3.0 fontconfig)

# SOCI, libphonenumber, libcsv and libsndfile come without CMake configuration.
function(anahtar_import name library header)
  find_library(${name}_LIBRARY ${library} REQUIRED)
  find_path(${name}_INCLUDE ${header} REQUIRED)
  add_library(${name} UNKNOWN IMPORTED GLOBAL)
  set_target_properties(${name} PROPERTIES IMPORTED_LOCATION ${${name}_LIBRARY}
                        INTERFACE_SYSTEM_INCLUDE_DIRECTORIES ${${name}_INCLUDE})
endfunction()
anahtar_import(soci_core soci_core soci/soci.h)
anahtar_import(soci_sqlite3 soci_sqlite3 soci/sqlite3/soci-sqlite3.h)
anahtar_import(phonenumber libphonenumber.a phonenumbers/phonenumberutil.h)
# Into the program, with the parts of protobuf and Abseil that it uses: as a dozen shared libraries they took the loader a
# twentieth of the time to the first window.
find_library(protobuf_LIBRARY libprotobuf.a REQUIRED)
set(absl_libraries "")
foreach(part strings strings_internal hash city low_level_hash raw_hash_set int128 throw_delegate raw_logging_internal base)
  find_library(absl_${part}_LIBRARY libabsl_${part}.a REQUIRED)
  list(APPEND absl_libraries ${absl_${part}_LIBRARY})
endforeach()
set_target_properties(phonenumber PROPERTIES
  INTERFACE_LINK_LIBRARIES "${protobuf_LIBRARY};${absl_libraries};ICU::i18n;ICU::uc;ZLIB::ZLIB;Threads::Threads")
anahtar_import(csv csv csv.h)
anahtar_import(sndfile sndfile sndfile.h)
