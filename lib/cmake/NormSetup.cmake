# Compiler settings and the packages that every part of norm-mlir needs.

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()

set(CMAKE_CXX_STANDARD 17)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_C_STANDARD 11)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")
set(CMAKE_LIBRARY_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/lib")
set(CMAKE_ARCHIVE_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/lib")

# Debian's MLIR package accepts only its own exact version in find_package, so
# the major version is checked by hand.
find_package(MLIR QUIET CONFIG HINTS "/usr/lib/llvm-22/lib/cmake/mlir")
if(NOT MLIR_FOUND OR NOT LLVM_VERSION_MAJOR EQUAL 22)
  if(MLIR_FOUND)
    set(found "found ${LLVM_PACKAGE_VERSION} in ${MLIR_DIR}")
  else()
    set(found "found none")
  endif()
  message(FATAL_ERROR
    "norm-mlir needs LLVM/MLIR 22, ${found}. "
    "On Debian 12: apt-get install libmlir-22-dev mlir-22-tools llvm-22-dev; "
    "elsewhere name the folder of MLIRConfig.cmake by -DMLIR_DIR=")
endif()
message(STATUS "MLIR ${LLVM_PACKAGE_VERSION}: ${MLIR_DIR}")

# The packaged configuration leaves this off although only the shared libMLIR
# avoids a second copy of every registered type.
set(MLIR_LINK_MLIR_DYLIB ON)

list(APPEND CMAKE_MODULE_PATH "${MLIR_CMAKE_DIR}" "${LLVM_CMAKE_DIR}")
include(TableGen)
include(AddLLVM)
include(AddMLIR)
separate_arguments(NORM_LLVM_DEFINITIONS NATIVE_COMMAND "${LLVM_DEFINITIONS}")
list(TRANSFORM NORM_LLVM_DEFINITIONS REPLACE "^-D" "")

find_program(NORM_CCACHE ccache)
if(NORM_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # Headers from TableGen are newer than the compilation that first reads them,
  # and precompiled ones are not what they seem: by default ccache keeps off.
  set(launcher env
    "CCACHE_SLOPPINESS=include_file_mtime,include_file_ctime,pch_defines,time_macros"
    "${NORM_CCACHE}")
  set(CMAKE_C_COMPILER_LAUNCHER ${launcher})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${launcher})
endif()

# lld links a tool against libMLIR in 0.15 s, GNU ld in 0.85 s.
find_program(NORM_LLD ld.lld HINTS "${LLVM_TOOLS_BINARY_DIR}")
if(NORM_LLD AND CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  add_link_options(-fuse-ld=lld)
endif()

# Sanitizers go to everything, third-party code in static libraries excepted.
set(NORM_SANITIZE "" CACHE STRING "Sanitizers to build with: address,undefined")
if(NORM_SANITIZE)
  add_compile_options("-fsanitize=${NORM_SANITIZE}" -fno-omit-frame-pointer
    -fno-sanitize-recover=all)
  add_link_options("-fsanitize=${NORM_SANITIZE}")
endif()

# The headers, ours and those of LLVM and MLIR: what a program that includes
# them needs as well. NormConfig.cmake adds the latter to what is installed.
add_library(MLIRNormHeaders INTERFACE)
target_compile_definitions(MLIRNormHeaders INTERFACE
  "$<BUILD_INTERFACE:${NORM_LLVM_DEFINITIONS}>")
target_include_directories(MLIRNormHeaders SYSTEM INTERFACE
  "$<BUILD_INTERFACE:${LLVM_INCLUDE_DIRS};${MLIR_INCLUDE_DIRS}>")
target_include_directories(MLIRNormHeaders INTERFACE
  "$<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include>"
  "$<BUILD_INTERFACE:${PROJECT_BINARY_DIR}/include>"
  "$<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>")

# MLIR and LLVM for what links our libraries: the shared libMLIR and libLLVM, which
# are there once in a process. A target with the property NORM_STATIC_MLIR gets a
# copy of MLIR of its own.
get_property(norm_conversion_libs GLOBAL PROPERTY MLIR_CONVERSION_LIBS)
set(norm_static_mlir MLIRRegisterAllDialects MLIRRegisterAllExtensions
  MLIRToLLVMIRTranslationRegistration MLIRParser MLIRPass MLIRTransforms
  ${norm_conversion_libs})
add_library(MLIRNormUpstream INTERFACE)
target_link_libraries(MLIRNormUpstream INTERFACE
  "$<IF:$<BOOL:$<TARGET_PROPERTY:NORM_STATIC_MLIR>>,${norm_static_mlir},MLIR>"
  LLVM)

# One place for what every target of ours compiles with.
add_library(NormCompileOptions INTERFACE)
target_link_libraries(NormCompileOptions INTERFACE MLIRNormHeaders)
# -fPIC by hand: CMake would compile libraries with -fPIC and programs with
# -fPIE, and the two cannot share a precompiled header.
target_compile_options(NormCompileOptions INTERFACE -fPIC
  $<$<COMPILE_LANGUAGE:CXX>:-fno-exceptions -Wall -Wextra -Wno-unused-parameter
  -Woverloaded-virtual -Wimplicit-fallthrough>)
