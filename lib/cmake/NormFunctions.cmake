# norm_add_library(NAME source... [LINK target...] [DEPENDS target...])
#
# A static library of the project, which is installed.
function(norm_add_library name)
  cmake_parse_arguments(ARG "" "" "LINK;DEPENDS" ${ARGN})
  add_library(${name} STATIC ${ARG_UNPARSED_ARGUMENTS})
  target_link_libraries(${name} PUBLIC MLIRNormHeaders ${ARG_LINK} MLIRNormUpstream)
  target_link_libraries(${name} PRIVATE $<BUILD_INTERFACE:NormCompileOptions>)
  add_dependencies(${name} norm-headers ${ARG_DEPENDS})
  norm_use_pch(${name})
  norm_install(${name})
endfunction()

# norm_add_tool(NAME source... [LINK target...])
#
# A program that is installed.
function(norm_add_tool name)
  cmake_parse_arguments(ARG "" "" "LINK" ${ARGN})
  add_executable(${name} ${ARG_UNPARSED_ARGUMENTS})
  target_link_libraries(${name} PRIVATE NormCompileOptions ${ARG_LINK} MLIR LLVM)
  norm_use_pch(${name})
  norm_install(${name})
endfunction()

# norm_add_unittest(NAME source... [LINK target...])
#
# A GoogleTest program, registered with CTest under its own name.
function(norm_add_unittest name)
  cmake_parse_arguments(ARG "" "" "LINK" ${ARGN})
  add_executable(${name} ${ARG_UNPARSED_ARGUMENTS})
  target_link_libraries(${name} PRIVATE NormCompileOptions ${ARG_LINK}
                        GTest::gtest GTest::gtest_main MLIR LLVM)
  norm_use_pch(${name})
  add_dependencies(norm-test-depends ${name})
  add_test(NAME unit.${name} COMMAND ${name})
endfunction()
