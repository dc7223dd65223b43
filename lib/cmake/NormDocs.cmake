# The op and pass reference in docs/reference, generated from TableGen.
#
#   norm-doc            generates it and copies it into the source tree
#   docs-are-current.*  the tests that the committed pages are the generated ones
set(NORM_DOC_DIR "${PROJECT_BINARY_DIR}/docs/reference")
add_custom_target(norm-doc-generate)
add_custom_target(norm-doc
  COMMAND "${CMAKE_COMMAND}" -E copy_directory "${NORM_DOC_DIR}"
          "${PROJECT_SOURCE_DIR}/docs/reference"
  COMMENT "Copying the reference to docs/reference"
  VERBATIM)
add_dependencies(norm-doc norm-doc-generate)

# norm_add_doc(TD_FILE NAME option...)
#
# Generates docs/reference/NAME.md from TD_FILE by mlir-tblgen with the options.
function(norm_add_doc td name)
  set(LLVM_TARGET_DEFINITIONS "${td}")
  mlir_tablegen("${name}.md" ${ARGN})
  set(copy "${NORM_DOC_DIR}/${name}.md")
  add_custom_command(OUTPUT "${copy}"
    COMMAND "${CMAKE_COMMAND}" -E copy
            "${CMAKE_CURRENT_BINARY_DIR}/${name}.md" "${copy}"
    DEPENDS "${CMAKE_CURRENT_BINARY_DIR}/${name}.md"
    VERBATIM)
  add_custom_target(norm-doc-${name} DEPENDS "${copy}")
  add_dependencies(norm-doc-generate norm-doc-${name})
  add_test(NAME docs-are-current.${name}
    COMMAND "${CMAKE_COMMAND}"
      "-DGENERATED=${copy}"
      "-DCOMMITTED=${PROJECT_SOURCE_DIR}/docs/reference/${name}.md"
      -P "${PROJECT_SOURCE_DIR}/lib/cmake/CheckDoc.cmake")
endfunction()
