# cmake -D BUILD=… -D SOURCE=… -D FOLDER=… -D GENERATOR=… -D C_COMPILER=… -D CXX_COMPILER=…
#       -D TOOLS=… -P run.cmake
#
# Installs the build folder BUILD into a prefix in FOLDER, moves the prefix, and
# configures, builds and runs the project in SOURCE with what is there. TOOLS is
# the folder of LLVM's tools.
function(run)
  execute_process(COMMAND ${ARGN} COMMAND_ECHO STDOUT COMMAND_ERROR_IS_FATAL ANY)
endfunction()

file(REMOVE_RECURSE "${FOLDER}")
file(MAKE_DIRECTORY "${FOLDER}")
run("${CMAKE_COMMAND}" --install "${BUILD}" --prefix "${FOLDER}/first")
set(prefix "${FOLDER}/moved to here")
file(RENAME "${FOLDER}/first" "${prefix}")

# Nothing of what CMake reads may name where it was built or first installed.
file(GLOB_RECURSE scripts "${prefix}/*.cmake")
foreach(script IN LISTS scripts)
  file(READ "${script}" text)
  foreach(place IN ITEMS "${FOLDER}/first" "${BUILD}")
    string(FIND "${text}" "${place}" position)
    if(NOT position EQUAL -1)
      message(FATAL_ERROR "${script} names ${place}")
    endif()
  endforeach()
endforeach()

# Nor may the tools and shared libraries look for others there.
file(GLOB_RECURSE binaries "${prefix}/bin/*" "${prefix}/lib*/*.so")
if(NOT binaries)
  message(FATAL_ERROR "nothing is installed in ${prefix}")
endif()
foreach(binary IN LISTS binaries)
  execute_process(COMMAND "${TOOLS}/llvm-readelf" --dynamic-table "${binary}"
    OUTPUT_VARIABLE text COMMAND_ERROR_IS_FATAL ANY)
  foreach(place IN ITEMS "${FOLDER}/first" "${BUILD}")
    string(FIND "${text}" "${place}" position)
    if(NOT position EQUAL -1)
      message(FATAL_ERROR "${binary} looks for libraries in ${place}")
    endif()
  endforeach()
endforeach()

set(configure "${CMAKE_COMMAND}" -S "${SOURCE}" -B "${FOLDER}/build"
  -G "${GENERATOR}" "-DCMAKE_PREFIX_PATH=${prefix}" -DCMAKE_BUILD_TYPE=Release
  -DCONSUMER_CHECKS=ON "-DCMAKE_C_COMPILER=${C_COMPILER}" "-DCMAKE_CXX_COMPILER=${CXX_COMPILER}")

# refuse(WORDS OPTION...): configuring with the options fails and says WORDS.
function(refuse words)
  execute_process(COMMAND ${configure} ${ARGN}
    RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE output)
  # CMake breaks lines where it likes.
  string(REGEX REPLACE "[ \n]+" " " output "${output}")
  string(FIND "${output}" "${words}" position)
  if(status EQUAL 0 OR position EQUAL -1 OR NOT output MATCHES "apt-get install")
    message(FATAL_ERROR "with ${ARGN}: exit status ${status}, ${output}")
  endif()
  file(REMOVE_RECURSE "${FOLDER}/build")
endfunction()

# With another MLIR than that of the libraries it is refused, and says why; so it
# is without what the libraries need.
set(other "${FOLDER}/mlir-21")
file(WRITE "${other}/MLIRConfig.cmake"
  "set(LLVM_VERSION_MAJOR 21)\nset(LLVM_VERSION_MINOR 1)\nset(LLVM_PACKAGE_VERSION 21.1.0)\n")
refuse("Norm was built with LLVM/MLIR 22.1, found 21.1.0 in ${other}" "-DMLIR_DIR=${other}")
refuse("Norm needs the libraries zlib and minizip"
  -DCMAKE_DISABLE_FIND_PACKAGE_Minizip=ON)

# The compiler in C needs none of it, by CMake and by pkg-config.
run("${CMAKE_COMMAND}" -S "${SOURCE}/c" -B "${FOLDER}/build-c" -G "${GENERATOR}"
  "-DCMAKE_PREFIX_PATH=${prefix}" "-DCMAKE_C_COMPILER=${C_COMPILER}"
  -DCMAKE_DISABLE_FIND_PACKAGE_MLIR=ON -DCMAKE_DISABLE_FIND_PACKAGE_Minizip=ON)
run("${CMAKE_COMMAND}" --build "${FOLDER}/build-c")

run(${configure})
run("${CMAKE_COMMAND}" --build "${FOLDER}/build" --parallel 2)

# filecheck(PREFIX COMMAND...): check what the command prints.
function(filecheck check)
  execute_process(COMMAND ${ARGN}
    OUTPUT_FILE "${FOLDER}/output" ERROR_FILE "${FOLDER}/output"
    COMMAND_ERROR_IS_FATAL ANY)
  run("${TOOLS}/FileCheck" "${SOURCE}/kernel.mlir" "--input-file=${FOLDER}/output"
    "--check-prefix=${check}")
endfunction()

filecheck(FUSED "${FOLDER}/build/consumer-opt" "${SOURCE}/kernel.mlir"
  --consumer-pipeline --mlir-print-ir-after=consumer-fast-tanh)
execute_process(COMMAND "${FOLDER}/build/kernel" OUTPUT_VARIABLE output
  COMMAND_ERROR_IS_FATAL ANY)
if(NOT output STREQUAL "row 0: mean 2.000\nrow 1: mean 2.000\nrow 2: mean 2.000\n")
  message(FATAL_ERROR "the kernel gives: ${output}")
endif()
filecheck(GENERIC "${FOLDER}/build/mlir-c" "${SOURCE}/kernel.mlir")
filecheck(ASSEMBLY "${FOLDER}/build/norm-c" "${SOURCE}/kernel.mlir")
filecheck(ASSEMBLY "${FOLDER}/build-c/norm-c" "${SOURCE}/kernel.mlir")
filecheck(ASSEMBLY "${FOLDER}/build-c/norm-c-pkg-config" "${SOURCE}/kernel.mlir")
# Other dialects may include our definitions.
run("${TOOLS}/mlir-tblgen" -gen-op-decls -I "${prefix}/include"
  -I "${TOOLS}/../include" "${prefix}/include/norm/Dialect/Norm/IR/NormOps.td"
  -o "${FOLDER}/NormOps.h.inc")
# Installed tools and the plugin work where they are now.
run("${prefix}/bin/norm-opt" "${SOURCE}/kernel.mlir" --norm-generalize
  -o "${FOLDER}/output")
file(READ "${FOLDER}/build/plugin-path" plugin)
run("${TOOLS}/mlir-opt" "${SOURCE}/kernel.mlir" "--load-dialect-plugin=${plugin}"
  "--load-pass-plugin=${plugin}" "--pass-pipeline=builtin.module(norm-generalize)"
  -o "${FOLDER}/output-of-plugin")
run("${CMAKE_COMMAND}" -E compare_files "${FOLDER}/output" "${FOLDER}/output-of-plugin")
