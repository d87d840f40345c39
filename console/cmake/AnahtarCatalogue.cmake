# The Turkish catalogue: every folder with strings for people keeps its translations in tr.po beside the code; they
# become one file, share/locale/tr/LC_MESSAGES/anahtar.mo, that the window and the command line both read.
find_program(MSGCAT msgcat REQUIRED)
find_program(MSGFMT msgfmt REQUIRED)

get_property(catalogue_parts GLOBAL PROPERTY ANAHTAR_TRANSLATIONS)

set(catalogue_folder ${PROJECT_BINARY_DIR}/share/locale/tr/LC_MESSAGES)
add_custom_command(
  OUTPUT ${catalogue_folder}/anahtar.mo
  COMMAND ${CMAKE_COMMAND} -E make_directory ${catalogue_folder}
  COMMAND ${MSGCAT} --use-first --no-wrap --force-po -o ${PROJECT_BINARY_DIR}/anahtar.tr.po ${catalogue_parts}
  COMMAND ${MSGFMT} -o ${catalogue_folder}/anahtar.mo ${PROJECT_BINARY_DIR}/anahtar.tr.po
  DEPENDS ${catalogue_parts}
  COMMENT "Merging the Turkish catalogue"
  VERBATIM)
add_custom_target(catalogue ALL DEPENDS ${catalogue_folder}/anahtar.mo)
