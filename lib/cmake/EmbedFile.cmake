# cmake -D INPUT=FILE -D OUTPUT=FILE.inc -P EmbedFile.cmake
#
# Writes the bytes of a file as a list that a C++ array takes.
file(READ "${INPUT}" bytes HEX)
string(REGEX REPLACE "(..)" "0x\\1," bytes "${bytes}")
# Lines of 16 bytes.
string(REGEX REPLACE "(................................................................................)" "\\1\n" bytes "${bytes}")
file(WRITE "${OUTPUT}" "${bytes}\n")
