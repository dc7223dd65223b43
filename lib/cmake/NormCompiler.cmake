# Which compiler is the default, decided before project() looks for one.
#
# clang-22 compiles MLIR's headers twice as fast as g++ 12, so it is taken where
# it is installed. CC and CXX, a toolchain file or CMAKE_<LANG>_COMPILER say
# otherwise.
if(NOT CMAKE_TOOLCHAIN_FILE AND NOT CMAKE_C_COMPILER AND NOT CMAKE_CXX_COMPILER
   AND NOT DEFINED ENV{CC} AND NOT DEFINED ENV{CXX})
  find_program(NORM_CLANG clang-22 PATHS /usr/lib/llvm-22/bin)
  find_program(NORM_CLANGXX clang++-22 PATHS /usr/lib/llvm-22/bin)
  if(NORM_CLANG AND NORM_CLANGXX)
    set(CMAKE_C_COMPILER "${NORM_CLANG}")
    set(CMAKE_CXX_COMPILER "${NORM_CLANGXX}")
  endif()
endif()
