# cmake -D SOURCE=… -D FOLDER=… -D GENERATOR=… -D C_COMPILER=… -D CXX_COMPILER=… -P configure.cmake
#
# Configures norm-mlir without MLIR and with an MLIR of another version: both are
# refused, and what is said names what was found and what to install.
file(REMOVE_RECURSE "${FOLDER}")

# refuse(NAME WORDS OPTION...): configuring with the options fails and says WORDS.
function(refuse name words)
  execute_process(
    COMMAND "${CMAKE_COMMAND}" -S "${SOURCE}" -B "${FOLDER}/${name}"
            -G "${GENERATOR}" "-DCMAKE_C_COMPILER=${C_COMPILER}"
            "-DCMAKE_CXX_COMPILER=${CXX_COMPILER}" ${ARGN}
    RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE output)
  # CMake breaks lines where it likes.
  string(REGEX REPLACE "[ \n]+" " " output "${output}")
  string(FIND "${output}" "${words}" position)
  if(status EQUAL 0 OR position EQUAL -1 OR
     NOT output MATCHES "apt-get install libmlir-22-dev")
    message(FATAL_ERROR "${name}: exit status ${status}, ${output}")
  endif()
endfunction()

refuse(none "needs LLVM/MLIR 22, found none"
  -DCMAKE_DISABLE_FIND_PACKAGE_MLIR=ON)

set(other "${FOLDER}/mlir-21")
file(WRITE "${other}/MLIRConfig.cmake"
  "set(LLVM_VERSION_MAJOR 21)\nset(LLVM_PACKAGE_VERSION 21.1.0)\n")
refuse(other "needs LLVM/MLIR 22, found 21.1.0 in ${other}" "-DMLIR_DIR=${other}")
