#map = affine_map<(d0, d1) -> (d0, d1)>
#map1 = affine_map<(d0, d1) -> (d1)>
#map2 = affine_map<(d0, d1) -> (d0)>
#map3 = affine_map<(d0, d1, d2) -> (d0, d1, d2)>
#map4 = affine_map<(d0, d1, d2) -> (0, d1, d2)>
#map5 = affine_map<(d0, d1, d2) -> (d0, d1, 0)>
#map6 = affine_map<(d0, d1, d2) -> (d0, d1)>
#map7 = affine_map<(d0, d1, d2) -> (d2)>
#map8 = affine_map<(d0, d1, d2) -> (d1, d2)>
#map9 = affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>
#map10 = affine_map<(d0, d1, d2, d3) -> ()>
#map11 = affine_map<(d0, d1, d2, d3) -> (d0, 0, d2, d3)>
#map12 = affine_map<(d0, d1, d2, d3) -> (d0, d1, d2)>
#map13 = affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, 0)>
#map14 = affine_map<(d0, d1, d2) -> ()>
module {
  func.func @main_graph(%arg0: tensor<2x16xi64>, %arg1: tensor<128x64xf32>, %arg2: tensor<64xf32>, %arg3: tensor<64xf32>, %arg4: tensor<128xf32>, %arg5: tensor<1x16x64xf32>, %arg6: tensor<64x64xf32>, %arg7: tensor<64x64xf32>, %arg8: tensor<64x64xf32>, %arg9: tensor<2x1x16x16xf32>, %arg10: tensor<64x64xf32>, %arg11: tensor<64x128xf32>, %arg12: tensor<128x64xf32>, %arg13: tensor<64x64xf32>, %arg14: tensor<64x64xf32>, %arg15: tensor<64x64xf32>, %arg16: tensor<64x64xf32>, %arg17: tensor<64x128xf32>, %arg18: tensor<128x64xf32>) -> tensor<2x16x64xf32> {
    %c0_i64 = arith.constant 0 : i64
    %c64 = arith.constant 64 : index
    %cst = arith.constant 0.000000e+00 : f32
    %cst_0 = arith.constant 0xFF800000 : f32
    %cst_1 = arith.constant dense<"0x89AC9EBCE9FCA63BA059A53C37AAC23AABDD43BCB718FC3C709E763CBC9D673DABD0313BEEBD323C92E5263C704DBDBB869C8BBC84F350BA4644023D209CEFBC429FF83B030CFA3B475380BC2991133CDB7DB1BC025730BC3BB83C3C80D9A63B427EEFBCBB23883DB9B8903C5883D7BBE641E53C4A2087BB0BE8233CAD7F0ABD72242ABCB3DFAE3CAC8D223C2B2CFB3CDE416CBBD731A7BA5C36F73C4FAD923B53435B3C8B7544BCD477A2BC6A143DBA5DD011BD4ABF0CBD8479013CAA49A5BC1DBC9DBC5C1B4B3DBADC043CF31785BB4C7FFBB92E8FB33BA73B96BC2A61593C69A2B0BB6BF2393C2CE9503DA4F59C3A81522BBC4B8D343DA37A8D3C42A4C9BCF06C5ABBBD73523CF05B98BBD08215BB527D03BC899376BA9021C93C935C113DFB727CBCEDB047BCD806B5BCC10ECCBC7DDE5FB85A5C833CDECE2C3C8DE099BC7E38E3BB3B1F25BC94725C3C998D623CBED825BC77051A3C675EA6BB6787B63B063E07BCCABBA23CB0968F3BF938C4BBB9E905BC8B451B3D8E9F3D3A60429D3B28A918BB99B13D3C054EB23CEA8A973B85354EBDE962EABA853FDE3C8EB0E43A00C9BDBCFE2EC93B321C373B342D4EBC452BE53B57DEC0BC9982B53C6AC8B8BC1770BB3AA9C1413C53489C3B9CB2B63C039B00BC995C14BC9E60A1BCF75477BCA5207438B8302BBCD0239C3A5D0C08BD3C1D263D943F2EBCEBF38D3CCF9671BC"> : tensor<2x64xf32>
    %cst_2 = arith.constant dense<5.000000e-01> : tensor<f32>
    %cst_3 = arith.constant dense<0.000000e+00> : tensor<f32>
    %cst_4 = arith.constant dense<1.41421354> : tensor<f32>
    %cst_5 = arith.constant dense<1.000000e+00> : tensor<f32>
    %cst_6 = arith.constant 6.400000e+01 : f32
    %cst_7 = arith.constant 9.99999996E-13 : f32
    %c2_i64 = arith.constant 2 : i64
    %c128_i64 = arith.constant 128 : i64
    %cst_8 = arith.constant dense<[[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]]> : tensor<1x16xi64>
    %0 = tensor.empty() : tensor<1x16xi64>
    %1 = linalg.fill ins(%c0_i64 : i64) outs(%0 : tensor<1x16xi64>) -> tensor<1x16xi64>
    %2 = linalg.generic {indexing_maps = [#map, #map], iterator_types = ["parallel", "parallel"]} ins(%cst_8 : tensor<1x16xi64>) outs(%1 : tensor<1x16xi64>) {
    ^bb0(%in: i64, %out: i64):
      %176 = arith.index_cast %in : i64 to index
      %177 = arith.cmpi slt, %176, %c64 : index
      cf.assert %177, "index must be smaller than dim size"
      %178 = arith.cmpi sge, %in, %c0_i64 : i64
      cf.assert %178, "index must be larger or equal to 0"
      linalg.yield %c0_i64 : i64
    } -> tensor<1x16xi64>
    %3 = tensor.empty() : tensor<2x16xi64>
    %collapsed = tensor.collapse_shape %2 [[0, 1]] : tensor<1x16xi64> into tensor<16xi64>
    %4 = linalg.generic {indexing_maps = [#map1, #map], iterator_types = ["parallel", "parallel"]} ins(%collapsed : tensor<16xi64>) outs(%3 : tensor<2x16xi64>) {
    ^bb0(%in: i64, %out: i64):
      linalg.yield %in : i64
    } -> tensor<2x16xi64>
    %5 = tensor.empty() : tensor<2x16xi1>
    %6 = linalg.generic {indexing_maps = [#map, #map], iterator_types = ["parallel", "parallel"]} ins(%arg0 : tensor<2x16xi64>) outs(%5 : tensor<2x16xi1>) {
    ^bb0(%in: i64, %out: i1):
      %176 = arith.cmpi slt, %in, %c0_i64 : i64
      linalg.yield %176 : i1
    } -> tensor<2x16xi1>
    %7 = linalg.generic {indexing_maps = [#map, #map], iterator_types = ["parallel", "parallel"]} ins(%arg0 : tensor<2x16xi64>) outs(%3 : tensor<2x16xi64>) {
    ^bb0(%in: i64, %out: i64):
      %176 = arith.addi %in, %c128_i64 : i64
      linalg.yield %176 : i64
    } -> tensor<2x16xi64>
    %8 = linalg.generic {indexing_maps = [#map, #map, #map, #map], iterator_types = ["parallel", "parallel"]} ins(%6, %7, %arg0 : tensor<2x16xi1>, tensor<2x16xi64>, tensor<2x16xi64>) outs(%3 : tensor<2x16xi64>) {
    ^bb0(%in: i1, %in_57: i64, %in_58: i64, %out: i64):
      %176 = arith.select %in, %in_57, %in_58 : i64
      linalg.yield %176 : i64
    } -> tensor<2x16xi64>
    %collapsed_9 = tensor.collapse_shape %8 [[0, 1]] : tensor<2x16xi64> into tensor<32xi64>
    %9 = tensor.empty() : tensor<32x64xf32>
    %10 = linalg.generic {indexing_maps = [#map2, #map], iterator_types = ["parallel", "parallel"]} ins(%collapsed_9 : tensor<32xi64>) outs(%9 : tensor<32x64xf32>) {
    ^bb0(%in: i64, %out: f32):
      %176 = arith.index_cast %in : i64 to index
      %177 = linalg.index 1 : index
      %extracted = tensor.extract %arg1[%176, %177] : tensor<128x64xf32>
      linalg.yield %extracted : f32
    } -> tensor<32x64xf32>
    %expanded = tensor.expand_shape %10 [[0, 1], [2]] output_shape [2, 16, 64] : tensor<32x64xf32> into tensor<2x16x64xf32>
    %11 = linalg.generic {indexing_maps = [#map, #map], iterator_types = ["parallel", "parallel"]} ins(%4 : tensor<2x16xi64>) outs(%5 : tensor<2x16xi1>) {
    ^bb0(%in: i64, %out: i1):
      %176 = arith.cmpi slt, %in, %c0_i64 : i64
      linalg.yield %176 : i1
    } -> tensor<2x16xi1>
    %12 = linalg.generic {indexing_maps = [#map, #map], iterator_types = ["parallel", "parallel"]} ins(%4 : tensor<2x16xi64>) outs(%3 : tensor<2x16xi64>) {
    ^bb0(%in: i64, %out: i64):
      %176 = arith.addi %in, %c2_i64 : i64
      linalg.yield %176 : i64
    } -> tensor<2x16xi64>
    %13 = linalg.generic {indexing_maps = [#map, #map, #map, #map], iterator_types = ["parallel", "parallel"]} ins(%11, %12, %4 : tensor<2x16xi1>, tensor<2x16xi64>, tensor<2x16xi64>) outs(%3 : tensor<2x16xi64>) {
    ^bb0(%in: i1, %in_57: i64, %in_58: i64, %out: i64):
      %176 = arith.select %in, %in_57, %in_58 : i64
      linalg.yield %176 : i64
    } -> tensor<2x16xi64>
    %collapsed_10 = tensor.collapse_shape %13 [[0, 1]] : tensor<2x16xi64> into tensor<32xi64>
    %14 = linalg.generic {indexing_maps = [#map2, #map], iterator_types = ["parallel", "parallel"]} ins(%collapsed_10 : tensor<32xi64>) outs(%9 : tensor<32x64xf32>) {
    ^bb0(%in: i64, %out: f32):
      %176 = arith.index_cast %in : i64 to index
      %177 = linalg.index 1 : index
      %extracted = tensor.extract %cst_1[%176, %177] : tensor<2x64xf32>
      linalg.yield %extracted : f32
    } -> tensor<32x64xf32>
    %expanded_11 = tensor.expand_shape %14 [[0, 1], [2]] output_shape [2, 16, 64] : tensor<32x64xf32> into tensor<2x16x64xf32>
    %15 = tensor.empty() : tensor<2x16x64xf32>
    %16 = linalg.generic {indexing_maps = [#map3, #map3, #map3], iterator_types = ["parallel", "parallel", "parallel"]} ins(%expanded, %expanded_11 : tensor<2x16x64xf32>, tensor<2x16x64xf32>) outs(%15 : tensor<2x16x64xf32>) {
    ^bb0(%in: f32, %in_57: f32, %out: f32):
      %176 = arith.addf %in, %in_57 : f32
      linalg.yield %176 : f32
    } -> tensor<2x16x64xf32>
    %17 = linalg.generic {indexing_maps = [#map3, #map4, #map3], iterator_types = ["parallel", "parallel", "parallel"]} ins(%16, %arg5 : tensor<2x16x64xf32>, tensor<1x16x64xf32>) outs(%15 : tensor<2x16x64xf32>) {
    ^bb0(%in: f32, %in_57: f32, %out: f32):
      %176 = arith.addf %in, %in_57 : f32
      linalg.yield %176 : f32
    } -> tensor<2x16x64xf32>
    %18 = tensor.empty() : tensor<2x16x1xf32>
    %19 = linalg.fill ins(%cst : f32) outs(%18 : tensor<2x16x1xf32>) -> tensor<2x16x1xf32>
    %20 = linalg.generic {indexing_maps = [#map3, #map5], iterator_types = ["parallel", "parallel", "reduction"]} ins(%17 : tensor<2x16x64xf32>) outs(%19 : tensor<2x16x1xf32>) {
    ^bb0(%in: f32, %out: f32):
      %176 = arith.addf %in, %out : f32
      linalg.yield %176 : f32
    } -> tensor<2x16x1xf32>
    %21 = linalg.generic {indexing_maps = [#map3, #map3], iterator_types = ["parallel", "parallel", "parallel"]} ins(%20 : tensor<2x16x1xf32>) outs(%18 : tensor<2x16x1xf32>) {
    ^bb0(%in: f32, %out: f32):
      %176 = arith.divf %in, %cst_6 : f32
      linalg.yield %176 : f32
    } -> tensor<2x16x1xf32>
    %collapsed_12 = tensor.collapse_shape %21 [[0], [1, 2]] : tensor<2x16x1xf32> into tensor<2x16xf32>
    %22 = linalg.generic {indexing_maps = [#map6, #map3], iterator_types = ["parallel", "parallel", "parallel"]} ins(%collapsed_12 : tensor<2x16xf32>) outs(%15 : tensor<2x16x64xf32>) {
    ^bb0(%in: f32, %out: f32):
      linalg.yield %in : f32
    } -> tensor<2x16x64xf32>
    %23 = linalg.generic {indexing_maps = [#map3, #map3, #map3], iterator_types = ["parallel", "parallel", "parallel"]} ins(%17, %22 : tensor<2x16x64xf32>, tensor<2x16x64xf32>) outs(%15 : tensor<2x16x64xf32>) {
    ^bb0(%in: f32, %in_57: f32, %out: f32):
      %176 = arith.subf %in, %in_57 : f32
      linalg.yield %176 : f32
    } -> tensor<2x16x64xf32>
    %24 = linalg.generic {indexing_maps = [#map3, #map3, #map3], iterator_types = ["parallel", "parallel", "parallel"]} ins(%23, %23 : tensor<2x16x64xf32>, tensor<2x16x64xf32>) outs(%15 : tensor<2x16x64xf32>) {
    ^bb0(%in: f32, %in_57: f32, %out: f32):
      %176 = arith.mulf %in, %in_57 : f32
      linalg.yield %176 : f32
    } -> tensor<2x16x64xf32>
    %25 = linalg.generic {indexing_maps = [#map3, #map5], iterator_types = ["parallel", "parallel", "reduction"]} ins(%24 : tensor<2x16x64xf32>) outs(%19 : tensor<2x16x1xf32>) {
    ^bb0(%in: f32, %out: f32):
      %176 = arith.addf %in, %out : f32
      linalg.yield %176 : f32
    } -> tensor<2x16x1xf32>
    %26 = linalg.generic {indexing_maps = [#map3, #map3], iterator_types = ["parallel", "parallel", "parallel"]} ins(%25 : tensor<2x16x1xf32>) outs(%18 : tensor<2x16x1xf32>) {
    ^bb0(%in: f32, %out: f32):
      %176 = arith.divf %in, %cst_6 : f32
      linalg.yield %176 : f32
    } -> tensor<2x16x1xf32>
    %27 = linalg.generic {indexing_maps = [#map3, #map3], iterator_types = ["parallel", "parallel", "parallel"]} ins(%26 : tensor<2x16x1xf32>) outs(%18 : tensor<2x16x1xf32>) {
    ^bb0(%in: f32, %out: f32):
      %176 = arith.addf %in, %cst_7 : f32
      linalg.yield %176 : f32
    } -> tensor<2x16x1xf32>
    %28 = linalg.generic {indexing_maps = [#map3, #map3], iterator_types = ["parallel", "parallel", "parallel"]} ins(%27 : tensor<2x16x1xf32>) outs(%18 : tensor<2x16x1xf32>) {
    ^bb0(%in: f32, %out: f32):
      %176 = math.rsqrt %in : f32
      linalg.yield %176 : f32
    } -> tensor<2x16x1xf32>
    %collapsed_13 = tensor.collapse_shape %28 [[0], [1, 2]] : tensor<2x16x1xf32> into tensor<2x16xf32>
    %29 = linalg.generic {indexing_maps = [#map6, #map3], iterator_types = ["parallel", "parallel", "parallel"]} ins(%collapsed_13 : tensor<2x16xf32>) outs(%15 : tensor<2x16x64xf32>) {
    ^bb0(%in: f32, %out: f32):
      linalg.yield %in : f32
    } -> tensor<2x16x64xf32>
    %30 = linalg.generic {indexing_maps = [#map3, #map3, #map3], iterator_types = ["parallel", "parallel", "parallel"]} ins(%23, %29 : tensor<2x16x64xf32>, tensor<2x16x64xf32>) outs(%15 : tensor<2x16x64xf32>) {
    ^bb0(%in: f32, %in_57: f32, %out: f32):
      %176 = arith.mulf %in, %in_57 : f32
      linalg.yield %176 : f32
    } -> tensor<2x16x64xf32>
    %31 = linalg.generic {indexing_maps = [#map3, #map7, #map3], iterator_types = ["parallel", "parallel", "parallel"]} ins(%30, %arg2 : tensor<2x16x64xf32>, tensor<64xf32>) outs(%15 : tensor<2x16x64xf32>) {
    ^bb0(%in: f32, %in_57: f32, %out: f32):
      %176 = arith.mulf %in, %in_57 : f32
      linalg.yield %176 : f32
    } -> tensor<2x16x64xf32>
    %32 = linalg.generic {indexing_maps = [#map3, #map7, #map3], iterator_types = ["parallel", "parallel", "parallel"]} ins(%31, %arg3 : tensor<2x16x64xf32>, tensor<64xf32>) outs(%15 : tensor<2x16x64xf32>) {
    ^bb0(%in: f32, %in_57: f32, %out: f32):
      %176 = arith.addf %in, %in_57 : f32
      linalg.yield %176 : f32
    } -> tensor<2x16x64xf32>
    %33 = tensor.empty() : tensor<2x64x64xf32>
    %34 = linalg.generic {indexing_maps = [#map8, #map3], iterator_types = ["parallel", "parallel", "parallel"]} ins(%arg6 : tensor<64x64xf32>) outs(%33 : tensor<2x64x64xf32>) {
    ^bb0(%in: f32, %out: f32):
      linalg.yield %in : f32
    } -> tensor<2x64x64xf32>
    %35 = linalg.fill ins(%cst : f32) outs(%15 : tensor<2x16x64xf32>) -> tensor<2x16x64xf32>
    %36 = linalg.batch_matmul ins(%32, %34 : tensor<2x16x64xf32>, tensor<2x64x64xf32>) outs(%35 : tensor<2x16x64xf32>) -> tensor<2x16x64xf32>
    %37 = linalg.generic {indexing_maps = [#map3, #map7, #map3], iterator_types = ["parallel", "parallel", "parallel"]} ins(%36, %arg3 : tensor<2x16x64xf32>, tensor<64xf32>) outs(%15 : tensor<2x16x64xf32>) {
    ^bb0(%in: f32, %in_57: f32, %out: f32):
      %176 = arith.addf %in, %in_57 : f32
      linalg.yield %176 : f32
    } -> tensor<2x16x64xf32>
    %expanded_14 = tensor.expand_shape %37 [[0], [1], [2, 3]] output_shape [2, 16, 4, 16] : tensor<2x16x64xf32> into tensor<2x16x4x16xf32>
    %38 = tensor.empty() : tensor<2x4x16x16xf32>
    %transposed = linalg.transpose ins(%expanded_14 : tensor<2x16x4x16xf32>) outs(%38 : tensor<2x4x16x16xf32>) permutation = [0, 2, 1, 3] 
    %39 = linalg.generic {indexing_maps = [#map8, #map3], iterator_types = ["parallel", "parallel", "parallel"]} ins(%arg7 : tensor<64x64xf32>) outs(%33 : tensor<2x64x64xf32>) {
    ^bb0(%in: f32, %out: f32):
      linalg.yield %in : f32
    } -> tensor<2x64x64xf32>
    %40 = linalg.batch_matmul ins(%32, %39 : tensor<2x16x64xf32>, tensor<2x64x64xf32>) outs(%35 : tensor<2x16x64xf32>) -> tensor<2x16x64xf32>
    %41 = linalg.generic {indexing_maps = [#map3, #map7, #map3], iterator_types = ["parallel", "parallel", "parallel"]} ins(%40, %arg3 : tensor<2x16x64xf32>, tensor<64xf32>) outs(%15 : tensor<2x16x64xf32>) {
    ^bb0(%in: f32, %in_57: f32, %out: f32):
      %176 = arith.addf %in, %in_57 : f32
      linalg.yield %176 : f32
    } -> tensor<2x16x64xf32>
    %expanded_15 = tensor.expand_shape %41 [[0], [1], [2, 3]] output_shape [2, 16, 4, 16] : tensor<2x16x64xf32> into tensor<2x16x4x16xf32>
    %transposed_16 = linalg.transpose ins(%expanded_15 : tensor<2x16x4x16xf32>) outs(%38 : tensor<2x4x16x16xf32>) permutation = [0, 2, 1, 3] 
    %42 = linalg.generic {indexing_maps = [#map8, #map3], iterator_types = ["parallel", "parallel", "parallel"]} ins(%arg8 : tensor<64x64xf32>) outs(%33 : tensor<2x64x64xf32>) {
    ^bb0(%in: f32, %out: f32):
      linalg.yield %in : f32
    } -> tensor<2x64x64xf32>
    %43 = linalg.batch_matmul ins(%32, %42 : tensor<2x16x64xf32>, tensor<2x64x64xf32>) outs(%35 : tensor<2x16x64xf32>) -> tensor<2x16x64xf32>
    %44 = linalg.generic {indexing_maps = [#map3, #map7, #map3], iterator_types = ["parallel", "parallel", "parallel"]} ins(%43, %arg3 : tensor<2x16x64xf32>, tensor<64xf32>) outs(%15 : tensor<2x16x64xf32>) {
    ^bb0(%in: f32, %in_57: f32, %out: f32):
      %176 = arith.addf %in, %in_57 : f32
      linalg.yield %176 : f32
    } -> tensor<2x16x64xf32>
    %expanded_17 = tensor.expand_shape %44 [[0], [1], [2, 3]] output_shape [2, 16, 4, 16] : tensor<2x16x64xf32> into tensor<2x16x4x16xf32>
    %transposed_18 = linalg.transpose ins(%expanded_17 : tensor<2x16x4x16xf32>) outs(%38 : tensor<2x4x16x16xf32>) permutation = [0, 2, 1, 3] 
    %collapsed_19 = tensor.collapse_shape %transposed_16 [[0, 1], [2], [3]] : tensor<2x4x16x16xf32> into tensor<8x16x16xf32>
    %45 = tensor.empty() : tensor<8x16x16xf32>
    %transposed_20 = linalg.transpose ins(%collapsed_19 : tensor<8x16x16xf32>) outs(%45 : tensor<8x16x16xf32>) permutation = [0, 2, 1] 
    %expanded_21 = tensor.expand_shape %transposed_20 [[0, 1], [2], [3]] output_shape [2, 4, 16, 16] : tensor<8x16x16xf32> into tensor<2x4x16x16xf32>
    %46 = linalg.generic {indexing_maps = [#map9, #map10, #map9], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%transposed, %cst_2 : tensor<2x4x16x16xf32>, tensor<f32>) outs(%38 : tensor<2x4x16x16xf32>) {
    ^bb0(%in: f32, %in_57: f32, %out: f32):
      %176 = arith.mulf %in, %in_57 : f32
      linalg.yield %176 : f32
    } -> tensor<2x4x16x16xf32>
    %47 = linalg.generic {indexing_maps = [#map9, #map10, #map9], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%expanded_21, %cst_2 : tensor<2x4x16x16xf32>, tensor<f32>) outs(%38 : tensor<2x4x16x16xf32>) {
    ^bb0(%in: f32, %in_57: f32, %out: f32):
      %176 = arith.mulf %in, %in_57 : f32
      linalg.yield %176 : f32
    } -> tensor<2x4x16x16xf32>
    %collapsed_22 = tensor.collapse_shape %46 [[0, 1], [2], [3]] : tensor<2x4x16x16xf32> into tensor<8x16x16xf32>
    %collapsed_23 = tensor.collapse_shape %47 [[0, 1], [2], [3]] : tensor<2x4x16x16xf32> into tensor<8x16x16xf32>
    %48 = linalg.fill ins(%cst : f32) outs(%45 : tensor<8x16x16xf32>) -> tensor<8x16x16xf32>
    %49 = linalg.batch_matmul ins(%collapsed_22, %collapsed_23 : tensor<8x16x16xf32>, tensor<8x16x16xf32>) outs(%48 : tensor<8x16x16xf32>) -> tensor<8x16x16xf32>
    %expanded_24 = tensor.expand_shape %49 [[0, 1], [2], [3]] output_shape [2, 4, 16, 16] : tensor<8x16x16xf32> into tensor<2x4x16x16xf32>
    %50 = linalg.generic {indexing_maps = [#map9, #map11, #map9], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%expanded_24, %arg9 : tensor<2x4x16x16xf32>, tensor<2x1x16x16xf32>) outs(%38 : tensor<2x4x16x16xf32>) {
    ^bb0(%in: f32, %in_57: f32, %out: f32):
      %176 = arith.addf %in, %in_57 : f32
      linalg.yield %176 : f32
    } -> tensor<2x4x16x16xf32>
    %51 = tensor.empty() : tensor<2x4x16xi64>
    %52 = linalg.fill ins(%c0_i64 : i64) outs(%51 : tensor<2x4x16xi64>) -> tensor<2x4x16xi64>
    %53 = tensor.empty() : tensor<2x4x16xf32>
    %54 = linalg.fill ins(%cst_0 : f32) outs(%53 : tensor<2x4x16xf32>) -> tensor<2x4x16xf32>
    %55:2 = linalg.generic {indexing_maps = [#map9, #map12, #map12], iterator_types = ["parallel", "parallel", "parallel", "reduction"]} ins(%50 : tensor<2x4x16x16xf32>) outs(%54, %52 : tensor<2x4x16xf32>, tensor<2x4x16xi64>) {
    ^bb0(%in: f32, %out: f32, %out_57: i64):
      %176 = linalg.index 3 : index
      %177 = arith.index_cast %176 : index to i64
      %178 = arith.maximumf %in, %out : f32
      %179 = arith.cmpf ogt, %in, %out : f32
      %180 = arith.select %179, %177, %out_57 : i64
      linalg.yield %178, %180 : f32, i64
    } -> (tensor<2x4x16xf32>, tensor<2x4x16xi64>)
    %expanded_25 = tensor.expand_shape %55#0 [[0], [1], [2, 3]] output_shape [2, 4, 16, 1] : tensor<2x4x16xf32> into tensor<2x4x16x1xf32>
    %56 = linalg.generic {indexing_maps = [#map9, #map13, #map9], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%50, %expanded_25 : tensor<2x4x16x16xf32>, tensor<2x4x16x1xf32>) outs(%38 : tensor<2x4x16x16xf32>) {
    ^bb0(%in: f32, %in_57: f32, %out: f32):
      %176 = arith.subf %in, %in_57 : f32
      linalg.yield %176 : f32
    } -> tensor<2x4x16x16xf32>
    %57 = linalg.generic {indexing_maps = [#map9, #map9], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%56 : tensor<2x4x16x16xf32>) outs(%38 : tensor<2x4x16x16xf32>) {
    ^bb0(%in: f32, %out: f32):
      %176 = math.exp %in : f32
      linalg.yield %176 : f32
    } -> tensor<2x4x16x16xf32>
    %58 = tensor.empty() : tensor<2x4x16x1xf32>
    %59 = linalg.fill ins(%cst : f32) outs(%58 : tensor<2x4x16x1xf32>) -> tensor<2x4x16x1xf32>
    %60 = linalg.generic {indexing_maps = [#map9, #map13], iterator_types = ["parallel", "parallel", "parallel", "reduction"]} ins(%57 : tensor<2x4x16x16xf32>) outs(%59 : tensor<2x4x16x1xf32>) {
    ^bb0(%in: f32, %out: f32):
      %176 = arith.addf %in, %out : f32
      linalg.yield %176 : f32
    } -> tensor<2x4x16x1xf32>
    %61 = linalg.generic {indexing_maps = [#map9, #map13, #map9], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%57, %60 : tensor<2x4x16x16xf32>, tensor<2x4x16x1xf32>) outs(%38 : tensor<2x4x16x16xf32>) {
    ^bb0(%in: f32, %in_57: f32, %out: f32):
      %176 = arith.divf %in, %in_57 : f32
      linalg.yield %176 : f32
    } -> tensor<2x4x16x16xf32>
    %62 = tensor.empty() : tensor<2x4x16x16xi1>
    %63 = linalg.generic {indexing_maps = [#map9, #map9, #map9], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%61, %61 : tensor<2x4x16x16xf32>, tensor<2x4x16x16xf32>) outs(%62 : tensor<2x4x16x16xi1>) {
    ^bb0(%in: f32, %in_57: f32, %out: i1):
      %176 = arith.cmpf une, %in, %in_57 : f32
      linalg.yield %176 : i1
    } -> tensor<2x4x16x16xi1>
    %64 = linalg.generic {indexing_maps = [#map9, #map10, #map9, #map9], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%63, %cst_3, %61 : tensor<2x4x16x16xi1>, tensor<f32>, tensor<2x4x16x16xf32>) outs(%38 : tensor<2x4x16x16xf32>) {
    ^bb0(%in: i1, %in_57: f32, %in_58: f32, %out: f32):
      %176 = arith.select %in, %in_57, %in_58 : f32
      linalg.yield %176 : f32
    } -> tensor<2x4x16x16xf32>
    %collapsed_26 = tensor.collapse_shape %64 [[0, 1], [2], [3]] : tensor<2x4x16x16xf32> into tensor<8x16x16xf32>
    %collapsed_27 = tensor.collapse_shape %transposed_18 [[0, 1], [2], [3]] : tensor<2x4x16x16xf32> into tensor<8x16x16xf32>
    %65 = linalg.batch_matmul ins(%collapsed_26, %collapsed_27 : tensor<8x16x16xf32>, tensor<8x16x16xf32>) outs(%48 : tensor<8x16x16xf32>) -> tensor<8x16x16xf32>
    %expanded_28 = tensor.expand_shape %65 [[0, 1], [2], [3]] output_shape [2, 4, 16, 16] : tensor<8x16x16xf32> into tensor<2x4x16x16xf32>
    %66 = tensor.empty() : tensor<2x16x4x16xf32>
    %transposed_29 = linalg.transpose ins(%expanded_28 : tensor<2x4x16x16xf32>) outs(%66 : tensor<2x16x4x16xf32>) permutation = [0, 2, 1, 3] 
    %collapsed_30 = tensor.collapse_shape %transposed_29 [[0], [1], [2, 3]] : tensor<2x16x4x16xf32> into tensor<2x16x64xf32>
    %67 = linalg.generic {indexing_maps = [#map8, #map3], iterator_types = ["parallel", "parallel", "parallel"]} ins(%arg10 : tensor<64x64xf32>) outs(%33 : tensor<2x64x64xf32>) {
    ^bb0(%in: f32, %out: f32):
      linalg.yield %in : f32
    } -> tensor<2x64x64xf32>
    %68 = linalg.batch_matmul ins(%collapsed_30, %67 : tensor<2x16x64xf32>, tensor<2x64x64xf32>) outs(%35 : tensor<2x16x64xf32>) -> tensor<2x16x64xf32>
    %69 = linalg.generic {indexing_maps = [#map3, #map7, #map3], iterator_types = ["parallel", "parallel", "parallel"]} ins(%68, %arg3 : tensor<2x16x64xf32>, tensor<64xf32>) outs(%15 : tensor<2x16x64xf32>) {
    ^bb0(%in: f32, %in_57: f32, %out: f32):
      %176 = arith.addf %in, %in_57 : f32
      linalg.yield %176 : f32
    } -> tensor<2x16x64xf32>
    %70 = linalg.generic {indexing_maps = [#map3, #map3, #map3], iterator_types = ["parallel", "parallel", "parallel"]} ins(%69, %32 : tensor<2x16x64xf32>, tensor<2x16x64xf32>) outs(%15 : tensor<2x16x64xf32>) {
    ^bb0(%in: f32, %in_57: f32, %out: f32):
      %176 = arith.addf %in, %in_57 : f32
      linalg.yield %176 : f32
    } -> tensor<2x16x64xf32>
    %71 = linalg.generic {indexing_maps = [#map3, #map5], iterator_types = ["parallel", "parallel", "reduction"]} ins(%70 : tensor<2x16x64xf32>) outs(%19 : tensor<2x16x1xf32>) {
    ^bb0(%in: f32, %out: f32):
      %176 = arith.addf %in, %out : f32
      linalg.yield %176 : f32
    } -> tensor<2x16x1xf32>
    %72 = linalg.generic {indexing_maps = [#map3, #map3], iterator_types = ["parallel", "parallel", "parallel"]} ins(%71 : tensor<2x16x1xf32>) outs(%18 : tensor<2x16x1xf32>) {
    ^bb0(%in: f32, %out: f32):
      %176 = arith.divf %in, %cst_6 : f32
      linalg.yield %176 : f32
    } -> tensor<2x16x1xf32>
    %collapsed_31 = tensor.collapse_shape %72 [[0], [1, 2]] : tensor<2x16x1xf32> into tensor<2x16xf32>
    %73 = linalg.generic {indexing_maps = [#map6, #map3], iterator_types = ["parallel", "parallel", "parallel"]} ins(%collapsed_31 : tensor<2x16xf32>) outs(%15 : tensor<2x16x64xf32>) {
    ^bb0(%in: f32, %out: f32):
      linalg.yield %in : f32
    } -> tensor<2x16x64xf32>
    %74 = linalg.generic {indexing_maps = [#map3, #map3, #map3], iterator_types = ["parallel", "parallel", "parallel"]} ins(%70, %73 : tensor<2x16x64xf32>, tensor<2x16x64xf32>) outs(%15 : tensor<2x16x64xf32>) {
    ^bb0(%in: f32, %in_57: f32, %out: f32):
      %176 = arith.subf %in, %in_57 : f32
      linalg.yield %176 : f32
    } -> tensor<2x16x64xf32>
    %75 = linalg.generic {indexing_maps = [#map3, #map3, #map3], iterator_types = ["parallel", "parallel", "parallel"]} ins(%74, %74 : tensor<2x16x64xf32>, tensor<2x16x64xf32>) outs(%15 : tensor<2x16x64xf32>) {
    ^bb0(%in: f32, %in_57: f32, %out: f32):
      %176 = arith.mulf %in, %in_57 : f32
      linalg.yield %176 : f32
    } -> tensor<2x16x64xf32>
    %76 = linalg.generic {indexing_maps = [#map3, #map5], iterator_types = ["parallel", "parallel", "reduction"]} ins(%75 : tensor<2x16x64xf32>) outs(%19 : tensor<2x16x1xf32>) {
    ^bb0(%in: f32, %out: f32):
      %176 = arith.addf %in, %out : f32
      linalg.yield %176 : f32
    } -> tensor<2x16x1xf32>
    %77 = linalg.generic {indexing_maps = [#map3, #map3], iterator_types = ["parallel", "parallel", "parallel"]} ins(%76 : tensor<2x16x1xf32>) outs(%18 : tensor<2x16x1xf32>) {
    ^bb0(%in: f32, %out: f32):
      %176 = arith.divf %in, %cst_6 : f32
      linalg.yield %176 : f32
    } -> tensor<2x16x1xf32>
    %78 = linalg.generic {indexing_maps = [#map3, #map3], iterator_types = ["parallel", "parallel", "parallel"]} ins(%77 : tensor<2x16x1xf32>) outs(%18 : tensor<2x16x1xf32>) {
    ^bb0(%in: f32, %out: f32):
      %176 = arith.addf %in, %cst_7 : f32
      linalg.yield %176 : f32
    } -> tensor<2x16x1xf32>
    %79 = linalg.generic {indexing_maps = [#map3, #map3], iterator_types = ["parallel", "parallel", "parallel"]} ins(%78 : tensor<2x16x1xf32>) outs(%18 : tensor<2x16x1xf32>) {
    ^bb0(%in: f32, %out: f32):
      %176 = math.rsqrt %in : f32
      linalg.yield %176 : f32
    } -> tensor<2x16x1xf32>
    %collapsed_32 = tensor.collapse_shape %79 [[0], [1, 2]] : tensor<2x16x1xf32> into tensor<2x16xf32>
    %80 = linalg.generic {indexing_maps = [#map6, #map3], iterator_types = ["parallel", "parallel", "parallel"]} ins(%collapsed_32 : tensor<2x16xf32>) outs(%15 : tensor<2x16x64xf32>) {
    ^bb0(%in: f32, %out: f32):
      linalg.yield %in : f32
    } -> tensor<2x16x64xf32>
    %81 = linalg.generic {indexing_maps = [#map3, #map3, #map3], iterator_types = ["parallel", "parallel", "parallel"]} ins(%74, %80 : tensor<2x16x64xf32>, tensor<2x16x64xf32>) outs(%15 : tensor<2x16x64xf32>) {
    ^bb0(%in: f32, %in_57: f32, %out: f32):
      %176 = arith.mulf %in, %in_57 : f32
      linalg.yield %176 : f32
    } -> tensor<2x16x64xf32>
    %82 = linalg.generic {indexing_maps = [#map3, #map7, #map3], iterator_types = ["parallel", "parallel", "parallel"]} ins(%81, %arg2 : tensor<2x16x64xf32>, tensor<64xf32>) outs(%15 : tensor<2x16x64xf32>) {
    ^bb0(%in: f32, %in_57: f32, %out: f32):
      %176 = arith.mulf %in, %in_57 : f32
      linalg.yield %176 : f32
    } -> tensor<2x16x64xf32>
    %83 = linalg.generic {indexing_maps = [#map3, #map7, #map3], iterator_types = ["parallel", "parallel", "parallel"]} ins(%82, %arg3 : tensor<2x16x64xf32>, tensor<64xf32>) outs(%15 : tensor<2x16x64xf32>) {
    ^bb0(%in: f32, %in_57: f32, %out: f32):
      %176 = arith.addf %in, %in_57 : f32
      linalg.yield %176 : f32
    } -> tensor<2x16x64xf32>
    %84 = tensor.empty() : tensor<2x64x128xf32>
    %85 = linalg.generic {indexing_maps = [#map8, #map3], iterator_types = ["parallel", "parallel", "parallel"]} ins(%arg11 : tensor<64x128xf32>) outs(%84 : tensor<2x64x128xf32>) {
    ^bb0(%in: f32, %out: f32):
      linalg.yield %in : f32
    } -> tensor<2x64x128xf32>
    %86 = tensor.empty() : tensor<2x16x128xf32>
    %87 = linalg.fill ins(%cst : f32) outs(%86 : tensor<2x16x128xf32>) -> tensor<2x16x128xf32>
    %88 = linalg.batch_matmul ins(%83, %85 : tensor<2x16x64xf32>, tensor<2x64x128xf32>) outs(%87 : tensor<2x16x128xf32>) -> tensor<2x16x128xf32>
    %89 = linalg.generic {indexing_maps = [#map3, #map7, #map3], iterator_types = ["parallel", "parallel", "parallel"]} ins(%88, %arg4 : tensor<2x16x128xf32>, tensor<128xf32>) outs(%86 : tensor<2x16x128xf32>) {
    ^bb0(%in: f32, %in_57: f32, %out: f32):
      %176 = arith.addf %in, %in_57 : f32
      linalg.yield %176 : f32
    } -> tensor<2x16x128xf32>
    %90 = linalg.generic {indexing_maps = [#map3, #map14, #map3], iterator_types = ["parallel", "parallel", "parallel"]} ins(%89, %cst_4 : tensor<2x16x128xf32>, tensor<f32>) outs(%86 : tensor<2x16x128xf32>) {
    ^bb0(%in: f32, %in_57: f32, %out: f32):
      %176 = arith.divf %in, %in_57 : f32
      linalg.yield %176 : f32
    } -> tensor<2x16x128xf32>
    %91 = linalg.generic {indexing_maps = [#map3, #map3], iterator_types = ["parallel", "parallel", "parallel"]} ins(%90 : tensor<2x16x128xf32>) outs(%86 : tensor<2x16x128xf32>) {
    ^bb0(%in: f32, %out: f32):
      %176 = math.erf %in : f32
      linalg.yield %176 : f32
    } -> tensor<2x16x128xf32>
    %92 = linalg.generic {indexing_maps = [#map3, #map14, #map3], iterator_types = ["parallel", "parallel", "parallel"]} ins(%91, %cst_5 : tensor<2x16x128xf32>, tensor<f32>) outs(%86 : tensor<2x16x128xf32>) {
    ^bb0(%in: f32, %in_57: f32, %out: f32):
      %176 = arith.addf %in, %in_57 : f32
      linalg.yield %176 : f32
    } -> tensor<2x16x128xf32>
    %93 = linalg.generic {indexing_maps = [#map14, #map3, #map3], iterator_types = ["parallel", "parallel", "parallel"]} ins(%cst_2, %92 : tensor<f32>, tensor<2x16x128xf32>) outs(%86 : tensor<2x16x128xf32>) {
    ^bb0(%in: f32, %in_57: f32, %out: f32):
      %176 = arith.mulf %in, %in_57 : f32
      linalg.yield %176 : f32
    } -> tensor<2x16x128xf32>
    %94 = linalg.generic {indexing_maps = [#map3, #map3, #map3], iterator_types = ["parallel", "parallel", "parallel"]} ins(%89, %93 : tensor<2x16x128xf32>, tensor<2x16x128xf32>) outs(%86 : tensor<2x16x128xf32>) {
    ^bb0(%in: f32, %in_57: f32, %out: f32):
      %176 = arith.mulf %in, %in_57 : f32
      linalg.yield %176 : f32
    } -> tensor<2x16x128xf32>
    %95 = tensor.empty() : tensor<2x128x64xf32>
    %96 = linalg.generic {indexing_maps = [#map8, #map3], iterator_types = ["parallel", "parallel", "parallel"]} ins(%arg12 : tensor<128x64xf32>) outs(%95 : tensor<2x128x64xf32>) {
    ^bb0(%in: f32, %out: f32):
      linalg.yield %in : f32
    } -> tensor<2x128x64xf32>
    %97 = linalg.batch_matmul ins(%94, %96 : tensor<2x16x128xf32>, tensor<2x128x64xf32>) outs(%35 : tensor<2x16x64xf32>) -> tensor<2x16x64xf32>
    %98 = linalg.generic {indexing_maps = [#map3, #map7, #map3], iterator_types = ["parallel", "parallel", "parallel"]} ins(%97, %arg3 : tensor<2x16x64xf32>, tensor<64xf32>) outs(%15 : tensor<2x16x64xf32>) {
    ^bb0(%in: f32, %in_57: f32, %out: f32):
      %176 = arith.addf %in, %in_57 : f32
      linalg.yield %176 : f32
    } -> tensor<2x16x64xf32>
    %99 = linalg.generic {indexing_maps = [#map3, #map3, #map3], iterator_types = ["parallel", "parallel", "parallel"]} ins(%98, %83 : tensor<2x16x64xf32>, tensor<2x16x64xf32>) outs(%15 : tensor<2x16x64xf32>) {
    ^bb0(%in: f32, %in_57: f32, %out: f32):
      %176 = arith.addf %in, %in_57 : f32
      linalg.yield %176 : f32
    } -> tensor<2x16x64xf32>
    %100 = linalg.generic {indexing_maps = [#map3, #map5], iterator_types = ["parallel", "parallel", "reduction"]} ins(%99 : tensor<2x16x64xf32>) outs(%19 : tensor<2x16x1xf32>) {
    ^bb0(%in: f32, %out: f32):
      %176 = arith.addf %in, %out : f32
      linalg.yield %176 : f32
    } -> tensor<2x16x1xf32>
    %101 = linalg.generic {indexing_maps = [#map3, #map3], iterator_types = ["parallel", "parallel", "parallel"]} ins(%100 : tensor<2x16x1xf32>) outs(%18 : tensor<2x16x1xf32>) {
    ^bb0(%in: f32, %out: f32):
      %176 = arith.divf %in, %cst_6 : f32
      linalg.yield %176 : f32
    } -> tensor<2x16x1xf32>
    %collapsed_33 = tensor.collapse_shape %101 [[0], [1, 2]] : tensor<2x16x1xf32> into tensor<2x16xf32>
    %102 = linalg.generic {indexing_maps = [#map6, #map3], iterator_types = ["parallel", "parallel", "parallel"]} ins(%collapsed_33 : tensor<2x16xf32>) outs(%15 : tensor<2x16x64xf32>) {
    ^bb0(%in: f32, %out: f32):
      linalg.yield %in : f32
    } -> tensor<2x16x64xf32>
    %103 = linalg.generic {indexing_maps = [#map3, #map3, #map3], iterator_types = ["parallel", "parallel", "parallel"]} ins(%99, %102 : tensor<2x16x64xf32>, tensor<2x16x64xf32>) outs(%15 : tensor<2x16x64xf32>) {
    ^bb0(%in: f32, %in_57: f32, %out: f32):
      %176 = arith.subf %in, %in_57 : f32
      linalg.yield %176 : f32
    } -> tensor<2x16x64xf32>
    %104 = linalg.generic {indexing_maps = [#map3, #map3, #map3], iterator_types = ["parallel", "parallel", "parallel"]} ins(%103, %103 : tensor<2x16x64xf32>, tensor<2x16x64xf32>) outs(%15 : tensor<2x16x64xf32>) {
    ^bb0(%in: f32, %in_57: f32, %out: f32):
      %176 = arith.mulf %in, %in_57 : f32
      linalg.yield %176 : f32
    } -> tensor<2x16x64xf32>
    %105 = linalg.generic {indexing_maps = [#map3, #map5], iterator_types = ["parallel", "parallel", "reduction"]} ins(%104 : tensor<2x16x64xf32>) outs(%19 : tensor<2x16x1xf32>) {
    ^bb0(%in: f32, %out: f32):
      %176 = arith.addf %in, %out : f32
      linalg.yield %176 : f32
    } -> tensor<2x16x1xf32>
    %106 = linalg.generic {indexing_maps = [#map3, #map3], iterator_types = ["parallel", "parallel", "parallel"]} ins(%105 : tensor<2x16x1xf32>) outs(%18 : tensor<2x16x1xf32>) {
    ^bb0(%in: f32, %out: f32):
      %176 = arith.divf %in, %cst_6 : f32
      linalg.yield %176 : f32
    } -> tensor<2x16x1xf32>
    %107 = linalg.generic {indexing_maps = [#map3, #map3], iterator_types = ["parallel", "parallel", "parallel"]} ins(%106 : tensor<2x16x1xf32>) outs(%18 : tensor<2x16x1xf32>) {
    ^bb0(%in: f32, %out: f32):
      %176 = arith.addf %in, %cst_7 : f32
      linalg.yield %176 : f32
    } -> tensor<2x16x1xf32>
    %108 = linalg.generic {indexing_maps = [#map3, #map3], iterator_types = ["parallel", "parallel", "parallel"]} ins(%107 : tensor<2x16x1xf32>) outs(%18 : tensor<2x16x1xf32>) {
    ^bb0(%in: f32, %out: f32):
      %176 = math.rsqrt %in : f32
      linalg.yield %176 : f32
    } -> tensor<2x16x1xf32>
    %collapsed_34 = tensor.collapse_shape %108 [[0], [1, 2]] : tensor<2x16x1xf32> into tensor<2x16xf32>
    %109 = linalg.generic {indexing_maps = [#map6, #map3], iterator_types = ["parallel", "parallel", "parallel"]} ins(%collapsed_34 : tensor<2x16xf32>) outs(%15 : tensor<2x16x64xf32>) {
    ^bb0(%in: f32, %out: f32):
      linalg.yield %in : f32
    } -> tensor<2x16x64xf32>
    %110 = linalg.generic {indexing_maps = [#map3, #map3, #map3], iterator_types = ["parallel", "parallel", "parallel"]} ins(%103, %109 : tensor<2x16x64xf32>, tensor<2x16x64xf32>) outs(%15 : tensor<2x16x64xf32>) {
    ^bb0(%in: f32, %in_57: f32, %out: f32):
      %176 = arith.mulf %in, %in_57 : f32
      linalg.yield %176 : f32
    } -> tensor<2x16x64xf32>
    %111 = linalg.generic {indexing_maps = [#map3, #map7, #map3], iterator_types = ["parallel", "parallel", "parallel"]} ins(%110, %arg2 : tensor<2x16x64xf32>, tensor<64xf32>) outs(%15 : tensor<2x16x64xf32>) {
    ^bb0(%in: f32, %in_57: f32, %out: f32):
      %176 = arith.mulf %in, %in_57 : f32
      linalg.yield %176 : f32
    } -> tensor<2x16x64xf32>
    %112 = linalg.generic {indexing_maps = [#map3, #map7, #map3], iterator_types = ["parallel", "parallel", "parallel"]} ins(%111, %arg3 : tensor<2x16x64xf32>, tensor<64xf32>) outs(%15 : tensor<2x16x64xf32>) {
    ^bb0(%in: f32, %in_57: f32, %out: f32):
      %176 = arith.addf %in, %in_57 : f32
      linalg.yield %176 : f32
    } -> tensor<2x16x64xf32>
    %113 = linalg.generic {indexing_maps = [#map8, #map3], iterator_types = ["parallel", "parallel", "parallel"]} ins(%arg13 : tensor<64x64xf32>) outs(%33 : tensor<2x64x64xf32>) {
    ^bb0(%in: f32, %out: f32):
      linalg.yield %in : f32
    } -> tensor<2x64x64xf32>
    %114 = linalg.batch_matmul ins(%112, %113 : tensor<2x16x64xf32>, tensor<2x64x64xf32>) outs(%35 : tensor<2x16x64xf32>) -> tensor<2x16x64xf32>
    %115 = linalg.generic {indexing_maps = [#map3, #map7, #map3], iterator_types = ["parallel", "parallel", "parallel"]} ins(%114, %arg3 : tensor<2x16x64xf32>, tensor<64xf32>) outs(%15 : tensor<2x16x64xf32>) {
    ^bb0(%in: f32, %in_57: f32, %out: f32):
      %176 = arith.addf %in, %in_57 : f32
      linalg.yield %176 : f32
    } -> tensor<2x16x64xf32>
    %expanded_35 = tensor.expand_shape %115 [[0], [1], [2, 3]] output_shape [2, 16, 4, 16] : tensor<2x16x64xf32> into tensor<2x16x4x16xf32>
    %transposed_36 = linalg.transpose ins(%expanded_35 : tensor<2x16x4x16xf32>) outs(%38 : tensor<2x4x16x16xf32>) permutation = [0, 2, 1, 3] 
    %116 = linalg.generic {indexing_maps = [#map8, #map3], iterator_types = ["parallel", "parallel", "parallel"]} ins(%arg14 : tensor<64x64xf32>) outs(%33 : tensor<2x64x64xf32>) {
    ^bb0(%in: f32, %out: f32):
      linalg.yield %in : f32
    } -> tensor<2x64x64xf32>
    %117 = linalg.batch_matmul ins(%112, %116 : tensor<2x16x64xf32>, tensor<2x64x64xf32>) outs(%35 : tensor<2x16x64xf32>) -> tensor<2x16x64xf32>
    %118 = linalg.generic {indexing_maps = [#map3, #map7, #map3], iterator_types = ["parallel", "parallel", "parallel"]} ins(%117, %arg3 : tensor<2x16x64xf32>, tensor<64xf32>) outs(%15 : tensor<2x16x64xf32>) {
    ^bb0(%in: f32, %in_57: f32, %out: f32):
      %176 = arith.addf %in, %in_57 : f32
      linalg.yield %176 : f32
    } -> tensor<2x16x64xf32>
    %expanded_37 = tensor.expand_shape %118 [[0], [1], [2, 3]] output_shape [2, 16, 4, 16] : tensor<2x16x64xf32> into tensor<2x16x4x16xf32>
    %transposed_38 = linalg.transpose ins(%expanded_37 : tensor<2x16x4x16xf32>) outs(%38 : tensor<2x4x16x16xf32>) permutation = [0, 2, 1, 3] 
    %119 = linalg.generic {indexing_maps = [#map8, #map3], iterator_types = ["parallel", "parallel", "parallel"]} ins(%arg15 : tensor<64x64xf32>) outs(%33 : tensor<2x64x64xf32>) {
    ^bb0(%in: f32, %out: f32):
      linalg.yield %in : f32
    } -> tensor<2x64x64xf32>
    %120 = linalg.batch_matmul ins(%112, %119 : tensor<2x16x64xf32>, tensor<2x64x64xf32>) outs(%35 : tensor<2x16x64xf32>) -> tensor<2x16x64xf32>
    %121 = linalg.generic {indexing_maps = [#map3, #map7, #map3], iterator_types = ["parallel", "parallel", "parallel"]} ins(%120, %arg3 : tensor<2x16x64xf32>, tensor<64xf32>) outs(%15 : tensor<2x16x64xf32>) {
    ^bb0(%in: f32, %in_57: f32, %out: f32):
      %176 = arith.addf %in, %in_57 : f32
      linalg.yield %176 : f32
    } -> tensor<2x16x64xf32>
    %expanded_39 = tensor.expand_shape %121 [[0], [1], [2, 3]] output_shape [2, 16, 4, 16] : tensor<2x16x64xf32> into tensor<2x16x4x16xf32>
    %transposed_40 = linalg.transpose ins(%expanded_39 : tensor<2x16x4x16xf32>) outs(%38 : tensor<2x4x16x16xf32>) permutation = [0, 2, 1, 3] 
    %collapsed_41 = tensor.collapse_shape %transposed_38 [[0, 1], [2], [3]] : tensor<2x4x16x16xf32> into tensor<8x16x16xf32>
    %transposed_42 = linalg.transpose ins(%collapsed_41 : tensor<8x16x16xf32>) outs(%45 : tensor<8x16x16xf32>) permutation = [0, 2, 1] 
    %expanded_43 = tensor.expand_shape %transposed_42 [[0, 1], [2], [3]] output_shape [2, 4, 16, 16] : tensor<8x16x16xf32> into tensor<2x4x16x16xf32>
    %122 = linalg.generic {indexing_maps = [#map9, #map10, #map9], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%transposed_36, %cst_2 : tensor<2x4x16x16xf32>, tensor<f32>) outs(%38 : tensor<2x4x16x16xf32>) {
    ^bb0(%in: f32, %in_57: f32, %out: f32):
      %176 = arith.mulf %in, %in_57 : f32
      linalg.yield %176 : f32
    } -> tensor<2x4x16x16xf32>
    %123 = linalg.generic {indexing_maps = [#map9, #map10, #map9], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%expanded_43, %cst_2 : tensor<2x4x16x16xf32>, tensor<f32>) outs(%38 : tensor<2x4x16x16xf32>) {
    ^bb0(%in: f32, %in_57: f32, %out: f32):
      %176 = arith.mulf %in, %in_57 : f32
      linalg.yield %176 : f32
    } -> tensor<2x4x16x16xf32>
    %collapsed_44 = tensor.collapse_shape %122 [[0, 1], [2], [3]] : tensor<2x4x16x16xf32> into tensor<8x16x16xf32>
    %collapsed_45 = tensor.collapse_shape %123 [[0, 1], [2], [3]] : tensor<2x4x16x16xf32> into tensor<8x16x16xf32>
    %124 = linalg.batch_matmul ins(%collapsed_44, %collapsed_45 : tensor<8x16x16xf32>, tensor<8x16x16xf32>) outs(%48 : tensor<8x16x16xf32>) -> tensor<8x16x16xf32>
    %expanded_46 = tensor.expand_shape %124 [[0, 1], [2], [3]] output_shape [2, 4, 16, 16] : tensor<8x16x16xf32> into tensor<2x4x16x16xf32>
    %125 = linalg.generic {indexing_maps = [#map9, #map11, #map9], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%expanded_46, %arg9 : tensor<2x4x16x16xf32>, tensor<2x1x16x16xf32>) outs(%38 : tensor<2x4x16x16xf32>) {
    ^bb0(%in: f32, %in_57: f32, %out: f32):
      %176 = arith.addf %in, %in_57 : f32
      linalg.yield %176 : f32
    } -> tensor<2x4x16x16xf32>
    %126:2 = linalg.generic {indexing_maps = [#map9, #map12, #map12], iterator_types = ["parallel", "parallel", "parallel", "reduction"]} ins(%125 : tensor<2x4x16x16xf32>) outs(%54, %52 : tensor<2x4x16xf32>, tensor<2x4x16xi64>) {
    ^bb0(%in: f32, %out: f32, %out_57: i64):
      %176 = linalg.index 3 : index
      %177 = arith.index_cast %176 : index to i64
      %178 = arith.maximumf %in, %out : f32
      %179 = arith.cmpf ogt, %in, %out : f32
      %180 = arith.select %179, %177, %out_57 : i64
      linalg.yield %178, %180 : f32, i64
    } -> (tensor<2x4x16xf32>, tensor<2x4x16xi64>)
    %expanded_47 = tensor.expand_shape %126#0 [[0], [1], [2, 3]] output_shape [2, 4, 16, 1] : tensor<2x4x16xf32> into tensor<2x4x16x1xf32>
    %127 = linalg.generic {indexing_maps = [#map9, #map13, #map9], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%125, %expanded_47 : tensor<2x4x16x16xf32>, tensor<2x4x16x1xf32>) outs(%38 : tensor<2x4x16x16xf32>) {
    ^bb0(%in: f32, %in_57: f32, %out: f32):
      %176 = arith.subf %in, %in_57 : f32
      linalg.yield %176 : f32
    } -> tensor<2x4x16x16xf32>
    %128 = linalg.generic {indexing_maps = [#map9, #map9], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%127 : tensor<2x4x16x16xf32>) outs(%38 : tensor<2x4x16x16xf32>) {
    ^bb0(%in: f32, %out: f32):
      %176 = math.exp %in : f32
      linalg.yield %176 : f32
    } -> tensor<2x4x16x16xf32>
    %129 = linalg.generic {indexing_maps = [#map9, #map13], iterator_types = ["parallel", "parallel", "parallel", "reduction"]} ins(%128 : tensor<2x4x16x16xf32>) outs(%59 : tensor<2x4x16x1xf32>) {
    ^bb0(%in: f32, %out: f32):
      %176 = arith.addf %in, %out : f32
      linalg.yield %176 : f32
    } -> tensor<2x4x16x1xf32>
    %130 = linalg.generic {indexing_maps = [#map9, #map13, #map9], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%128, %129 : tensor<2x4x16x16xf32>, tensor<2x4x16x1xf32>) outs(%38 : tensor<2x4x16x16xf32>) {
    ^bb0(%in: f32, %in_57: f32, %out: f32):
      %176 = arith.divf %in, %in_57 : f32
      linalg.yield %176 : f32
    } -> tensor<2x4x16x16xf32>
    %131 = linalg.generic {indexing_maps = [#map9, #map9, #map9], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%130, %130 : tensor<2x4x16x16xf32>, tensor<2x4x16x16xf32>) outs(%62 : tensor<2x4x16x16xi1>) {
    ^bb0(%in: f32, %in_57: f32, %out: i1):
      %176 = arith.cmpf une, %in, %in_57 : f32
      linalg.yield %176 : i1
    } -> tensor<2x4x16x16xi1>
    %132 = linalg.generic {indexing_maps = [#map9, #map10, #map9, #map9], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%131, %cst_3, %130 : tensor<2x4x16x16xi1>, tensor<f32>, tensor<2x4x16x16xf32>) outs(%38 : tensor<2x4x16x16xf32>) {
    ^bb0(%in: i1, %in_57: f32, %in_58: f32, %out: f32):
      %176 = arith.select %in, %in_57, %in_58 : f32
      linalg.yield %176 : f32
    } -> tensor<2x4x16x16xf32>
    %collapsed_48 = tensor.collapse_shape %132 [[0, 1], [2], [3]] : tensor<2x4x16x16xf32> into tensor<8x16x16xf32>
    %collapsed_49 = tensor.collapse_shape %transposed_40 [[0, 1], [2], [3]] : tensor<2x4x16x16xf32> into tensor<8x16x16xf32>
    %133 = linalg.batch_matmul ins(%collapsed_48, %collapsed_49 : tensor<8x16x16xf32>, tensor<8x16x16xf32>) outs(%48 : tensor<8x16x16xf32>) -> tensor<8x16x16xf32>
    %expanded_50 = tensor.expand_shape %133 [[0, 1], [2], [3]] output_shape [2, 4, 16, 16] : tensor<8x16x16xf32> into tensor<2x4x16x16xf32>
    %transposed_51 = linalg.transpose ins(%expanded_50 : tensor<2x4x16x16xf32>) outs(%66 : tensor<2x16x4x16xf32>) permutation = [0, 2, 1, 3] 
    %collapsed_52 = tensor.collapse_shape %transposed_51 [[0], [1], [2, 3]] : tensor<2x16x4x16xf32> into tensor<2x16x64xf32>
    %134 = linalg.generic {indexing_maps = [#map8, #map3], iterator_types = ["parallel", "parallel", "parallel"]} ins(%arg16 : tensor<64x64xf32>) outs(%33 : tensor<2x64x64xf32>) {
    ^bb0(%in: f32, %out: f32):
      linalg.yield %in : f32
    } -> tensor<2x64x64xf32>
    %135 = linalg.batch_matmul ins(%collapsed_52, %134 : tensor<2x16x64xf32>, tensor<2x64x64xf32>) outs(%35 : tensor<2x16x64xf32>) -> tensor<2x16x64xf32>
    %136 = linalg.generic {indexing_maps = [#map3, #map7, #map3], iterator_types = ["parallel", "parallel", "parallel"]} ins(%135, %arg3 : tensor<2x16x64xf32>, tensor<64xf32>) outs(%15 : tensor<2x16x64xf32>) {
    ^bb0(%in: f32, %in_57: f32, %out: f32):
      %176 = arith.addf %in, %in_57 : f32
      linalg.yield %176 : f32
    } -> tensor<2x16x64xf32>
    %137 = linalg.generic {indexing_maps = [#map3, #map3, #map3], iterator_types = ["parallel", "parallel", "parallel"]} ins(%136, %112 : tensor<2x16x64xf32>, tensor<2x16x64xf32>) outs(%15 : tensor<2x16x64xf32>) {
    ^bb0(%in: f32, %in_57: f32, %out: f32):
      %176 = arith.addf %in, %in_57 : f32
      linalg.yield %176 : f32
    } -> tensor<2x16x64xf32>
    %138 = linalg.generic {indexing_maps = [#map3, #map5], iterator_types = ["parallel", "parallel", "reduction"]} ins(%137 : tensor<2x16x64xf32>) outs(%19 : tensor<2x16x1xf32>) {
    ^bb0(%in: f32, %out: f32):
      %176 = arith.addf %in, %out : f32
      linalg.yield %176 : f32
    } -> tensor<2x16x1xf32>
    %139 = linalg.generic {indexing_maps = [#map3, #map3], iterator_types = ["parallel", "parallel", "parallel"]} ins(%138 : tensor<2x16x1xf32>) outs(%18 : tensor<2x16x1xf32>) {
    ^bb0(%in: f32, %out: f32):
      %176 = arith.divf %in, %cst_6 : f32
      linalg.yield %176 : f32
    } -> tensor<2x16x1xf32>
    %collapsed_53 = tensor.collapse_shape %139 [[0], [1, 2]] : tensor<2x16x1xf32> into tensor<2x16xf32>
    %140 = linalg.generic {indexing_maps = [#map6, #map3], iterator_types = ["parallel", "parallel", "parallel"]} ins(%collapsed_53 : tensor<2x16xf32>) outs(%15 : tensor<2x16x64xf32>) {
    ^bb0(%in: f32, %out: f32):
      linalg.yield %in : f32
    } -> tensor<2x16x64xf32>
    %141 = linalg.generic {indexing_maps = [#map3, #map3, #map3], iterator_types = ["parallel", "parallel", "parallel"]} ins(%137, %140 : tensor<2x16x64xf32>, tensor<2x16x64xf32>) outs(%15 : tensor<2x16x64xf32>) {
    ^bb0(%in: f32, %in_57: f32, %out: f32):
      %176 = arith.subf %in, %in_57 : f32
      linalg.yield %176 : f32
    } -> tensor<2x16x64xf32>
    %142 = linalg.generic {indexing_maps = [#map3, #map3, #map3], iterator_types = ["parallel", "parallel", "parallel"]} ins(%141, %141 : tensor<2x16x64xf32>, tensor<2x16x64xf32>) outs(%15 : tensor<2x16x64xf32>) {
    ^bb0(%in: f32, %in_57: f32, %out: f32):
      %176 = arith.mulf %in, %in_57 : f32
      linalg.yield %176 : f32
    } -> tensor<2x16x64xf32>
    %143 = linalg.generic {indexing_maps = [#map3, #map5], iterator_types = ["parallel", "parallel", "reduction"]} ins(%142 : tensor<2x16x64xf32>) outs(%19 : tensor<2x16x1xf32>) {
    ^bb0(%in: f32, %out: f32):
      %176 = arith.addf %in, %out : f32
      linalg.yield %176 : f32
    } -> tensor<2x16x1xf32>
    %144 = linalg.generic {indexing_maps = [#map3, #map3], iterator_types = ["parallel", "parallel", "parallel"]} ins(%143 : tensor<2x16x1xf32>) outs(%18 : tensor<2x16x1xf32>) {
    ^bb0(%in: f32, %out: f32):
      %176 = arith.divf %in, %cst_6 : f32
      linalg.yield %176 : f32
    } -> tensor<2x16x1xf32>
    %145 = linalg.generic {indexing_maps = [#map3, #map3], iterator_types = ["parallel", "parallel", "parallel"]} ins(%144 : tensor<2x16x1xf32>) outs(%18 : tensor<2x16x1xf32>) {
    ^bb0(%in: f32, %out: f32):
      %176 = arith.addf %in, %cst_7 : f32
      linalg.yield %176 : f32
    } -> tensor<2x16x1xf32>
    %146 = linalg.generic {indexing_maps = [#map3, #map3], iterator_types = ["parallel", "parallel", "parallel"]} ins(%145 : tensor<2x16x1xf32>) outs(%18 : tensor<2x16x1xf32>) {
    ^bb0(%in: f32, %out: f32):
      %176 = math.rsqrt %in : f32
      linalg.yield %176 : f32
    } -> tensor<2x16x1xf32>
    %collapsed_54 = tensor.collapse_shape %146 [[0], [1, 2]] : tensor<2x16x1xf32> into tensor<2x16xf32>
    %147 = linalg.generic {indexing_maps = [#map6, #map3], iterator_types = ["parallel", "parallel", "parallel"]} ins(%collapsed_54 : tensor<2x16xf32>) outs(%15 : tensor<2x16x64xf32>) {
    ^bb0(%in: f32, %out: f32):
      linalg.yield %in : f32
    } -> tensor<2x16x64xf32>
    %148 = linalg.generic {indexing_maps = [#map3, #map3, #map3], iterator_types = ["parallel", "parallel", "parallel"]} ins(%141, %147 : tensor<2x16x64xf32>, tensor<2x16x64xf32>) outs(%15 : tensor<2x16x64xf32>) {
    ^bb0(%in: f32, %in_57: f32, %out: f32):
      %176 = arith.mulf %in, %in_57 : f32
      linalg.yield %176 : f32
    } -> tensor<2x16x64xf32>
    %149 = linalg.generic {indexing_maps = [#map3, #map7, #map3], iterator_types = ["parallel", "parallel", "parallel"]} ins(%148, %arg2 : tensor<2x16x64xf32>, tensor<64xf32>) outs(%15 : tensor<2x16x64xf32>) {
    ^bb0(%in: f32, %in_57: f32, %out: f32):
      %176 = arith.mulf %in, %in_57 : f32
      linalg.yield %176 : f32
    } -> tensor<2x16x64xf32>
    %150 = linalg.generic {indexing_maps = [#map3, #map7, #map3], iterator_types = ["parallel", "parallel", "parallel"]} ins(%149, %arg3 : tensor<2x16x64xf32>, tensor<64xf32>) outs(%15 : tensor<2x16x64xf32>) {
    ^bb0(%in: f32, %in_57: f32, %out: f32):
      %176 = arith.addf %in, %in_57 : f32
      linalg.yield %176 : f32
    } -> tensor<2x16x64xf32>
    %151 = linalg.generic {indexing_maps = [#map8, #map3], iterator_types = ["parallel", "parallel", "parallel"]} ins(%arg17 : tensor<64x128xf32>) outs(%84 : tensor<2x64x128xf32>) {
    ^bb0(%in: f32, %out: f32):
      linalg.yield %in : f32
    } -> tensor<2x64x128xf32>
    %152 = linalg.batch_matmul ins(%150, %151 : tensor<2x16x64xf32>, tensor<2x64x128xf32>) outs(%87 : tensor<2x16x128xf32>) -> tensor<2x16x128xf32>
    %153 = linalg.generic {indexing_maps = [#map3, #map7, #map3], iterator_types = ["parallel", "parallel", "parallel"]} ins(%152, %arg4 : tensor<2x16x128xf32>, tensor<128xf32>) outs(%86 : tensor<2x16x128xf32>) {
    ^bb0(%in: f32, %in_57: f32, %out: f32):
      %176 = arith.addf %in, %in_57 : f32
      linalg.yield %176 : f32
    } -> tensor<2x16x128xf32>
    %154 = linalg.generic {indexing_maps = [#map3, #map14, #map3], iterator_types = ["parallel", "parallel", "parallel"]} ins(%153, %cst_4 : tensor<2x16x128xf32>, tensor<f32>) outs(%86 : tensor<2x16x128xf32>) {
    ^bb0(%in: f32, %in_57: f32, %out: f32):
      %176 = arith.divf %in, %in_57 : f32
      linalg.yield %176 : f32
    } -> tensor<2x16x128xf32>
    %155 = linalg.generic {indexing_maps = [#map3, #map3], iterator_types = ["parallel", "parallel", "parallel"]} ins(%154 : tensor<2x16x128xf32>) outs(%86 : tensor<2x16x128xf32>) {
    ^bb0(%in: f32, %out: f32):
      %176 = math.erf %in : f32
      linalg.yield %176 : f32
    } -> tensor<2x16x128xf32>
    %156 = linalg.generic {indexing_maps = [#map3, #map14, #map3], iterator_types = ["parallel", "parallel", "parallel"]} ins(%155, %cst_5 : tensor<2x16x128xf32>, tensor<f32>) outs(%86 : tensor<2x16x128xf32>) {
    ^bb0(%in: f32, %in_57: f32, %out: f32):
      %176 = arith.addf %in, %in_57 : f32
      linalg.yield %176 : f32
    } -> tensor<2x16x128xf32>
    %157 = linalg.generic {indexing_maps = [#map14, #map3, #map3], iterator_types = ["parallel", "parallel", "parallel"]} ins(%cst_2, %156 : tensor<f32>, tensor<2x16x128xf32>) outs(%86 : tensor<2x16x128xf32>) {
    ^bb0(%in: f32, %in_57: f32, %out: f32):
      %176 = arith.mulf %in, %in_57 : f32
      linalg.yield %176 : f32
    } -> tensor<2x16x128xf32>
    %158 = linalg.generic {indexing_maps = [#map3, #map3, #map3], iterator_types = ["parallel", "parallel", "parallel"]} ins(%153, %157 : tensor<2x16x128xf32>, tensor<2x16x128xf32>) outs(%86 : tensor<2x16x128xf32>) {
    ^bb0(%in: f32, %in_57: f32, %out: f32):
      %176 = arith.mulf %in, %in_57 : f32
      linalg.yield %176 : f32
    } -> tensor<2x16x128xf32>
    %159 = linalg.generic {indexing_maps = [#map8, #map3], iterator_types = ["parallel", "parallel", "parallel"]} ins(%arg18 : tensor<128x64xf32>) outs(%95 : tensor<2x128x64xf32>) {
    ^bb0(%in: f32, %out: f32):
      linalg.yield %in : f32
    } -> tensor<2x128x64xf32>
    %160 = linalg.batch_matmul ins(%158, %159 : tensor<2x16x128xf32>, tensor<2x128x64xf32>) outs(%35 : tensor<2x16x64xf32>) -> tensor<2x16x64xf32>
    %161 = linalg.generic {indexing_maps = [#map3, #map7, #map3], iterator_types = ["parallel", "parallel", "parallel"]} ins(%160, %arg3 : tensor<2x16x64xf32>, tensor<64xf32>) outs(%15 : tensor<2x16x64xf32>) {
    ^bb0(%in: f32, %in_57: f32, %out: f32):
      %176 = arith.addf %in, %in_57 : f32
      linalg.yield %176 : f32
    } -> tensor<2x16x64xf32>
    %162 = linalg.generic {indexing_maps = [#map3, #map3, #map3], iterator_types = ["parallel", "parallel", "parallel"]} ins(%161, %150 : tensor<2x16x64xf32>, tensor<2x16x64xf32>) outs(%15 : tensor<2x16x64xf32>) {
    ^bb0(%in: f32, %in_57: f32, %out: f32):
      %176 = arith.addf %in, %in_57 : f32
      linalg.yield %176 : f32
    } -> tensor<2x16x64xf32>
    %163 = linalg.generic {indexing_maps = [#map3, #map5], iterator_types = ["parallel", "parallel", "reduction"]} ins(%162 : tensor<2x16x64xf32>) outs(%19 : tensor<2x16x1xf32>) {
    ^bb0(%in: f32, %out: f32):
      %176 = arith.addf %in, %out : f32
      linalg.yield %176 : f32
    } -> tensor<2x16x1xf32>
    %164 = linalg.generic {indexing_maps = [#map3, #map3], iterator_types = ["parallel", "parallel", "parallel"]} ins(%163 : tensor<2x16x1xf32>) outs(%18 : tensor<2x16x1xf32>) {
    ^bb0(%in: f32, %out: f32):
      %176 = arith.divf %in, %cst_6 : f32
      linalg.yield %176 : f32
    } -> tensor<2x16x1xf32>
    %collapsed_55 = tensor.collapse_shape %164 [[0], [1, 2]] : tensor<2x16x1xf32> into tensor<2x16xf32>
    %165 = linalg.generic {indexing_maps = [#map6, #map3], iterator_types = ["parallel", "parallel", "parallel"]} ins(%collapsed_55 : tensor<2x16xf32>) outs(%15 : tensor<2x16x64xf32>) {
    ^bb0(%in: f32, %out: f32):
      linalg.yield %in : f32
    } -> tensor<2x16x64xf32>
    %166 = linalg.generic {indexing_maps = [#map3, #map3, #map3], iterator_types = ["parallel", "parallel", "parallel"]} ins(%162, %165 : tensor<2x16x64xf32>, tensor<2x16x64xf32>) outs(%15 : tensor<2x16x64xf32>) {
    ^bb0(%in: f32, %in_57: f32, %out: f32):
      %176 = arith.subf %in, %in_57 : f32
      linalg.yield %176 : f32
    } -> tensor<2x16x64xf32>
    %167 = linalg.generic {indexing_maps = [#map3, #map3, #map3], iterator_types = ["parallel", "parallel", "parallel"]} ins(%166, %166 : tensor<2x16x64xf32>, tensor<2x16x64xf32>) outs(%15 : tensor<2x16x64xf32>) {
    ^bb0(%in: f32, %in_57: f32, %out: f32):
      %176 = arith.mulf %in, %in_57 : f32
      linalg.yield %176 : f32
    } -> tensor<2x16x64xf32>
    %168 = linalg.generic {indexing_maps = [#map3, #map5], iterator_types = ["parallel", "parallel", "reduction"]} ins(%167 : tensor<2x16x64xf32>) outs(%19 : tensor<2x16x1xf32>) {
    ^bb0(%in: f32, %out: f32):
      %176 = arith.addf %in, %out : f32
      linalg.yield %176 : f32
    } -> tensor<2x16x1xf32>
    %169 = linalg.generic {indexing_maps = [#map3, #map3], iterator_types = ["parallel", "parallel", "parallel"]} ins(%168 : tensor<2x16x1xf32>) outs(%18 : tensor<2x16x1xf32>) {
    ^bb0(%in: f32, %out: f32):
      %176 = arith.divf %in, %cst_6 : f32
      linalg.yield %176 : f32
    } -> tensor<2x16x1xf32>
    %170 = linalg.generic {indexing_maps = [#map3, #map3], iterator_types = ["parallel", "parallel", "parallel"]} ins(%169 : tensor<2x16x1xf32>) outs(%18 : tensor<2x16x1xf32>) {
    ^bb0(%in: f32, %out: f32):
      %176 = arith.addf %in, %cst_7 : f32
      linalg.yield %176 : f32
    } -> tensor<2x16x1xf32>
    %171 = linalg.generic {indexing_maps = [#map3, #map3], iterator_types = ["parallel", "parallel", "parallel"]} ins(%170 : tensor<2x16x1xf32>) outs(%18 : tensor<2x16x1xf32>) {
    ^bb0(%in: f32, %out: f32):
      %176 = math.rsqrt %in : f32
      linalg.yield %176 : f32
    } -> tensor<2x16x1xf32>
    %collapsed_56 = tensor.collapse_shape %171 [[0], [1, 2]] : tensor<2x16x1xf32> into tensor<2x16xf32>
    %172 = linalg.generic {indexing_maps = [#map6, #map3], iterator_types = ["parallel", "parallel", "parallel"]} ins(%collapsed_56 : tensor<2x16xf32>) outs(%15 : tensor<2x16x64xf32>) {
    ^bb0(%in: f32, %out: f32):
      linalg.yield %in : f32
    } -> tensor<2x16x64xf32>
    %173 = linalg.generic {indexing_maps = [#map3, #map3, #map3], iterator_types = ["parallel", "parallel", "parallel"]} ins(%166, %172 : tensor<2x16x64xf32>, tensor<2x16x64xf32>) outs(%15 : tensor<2x16x64xf32>) {
    ^bb0(%in: f32, %in_57: f32, %out: f32):
      %176 = arith.mulf %in, %in_57 : f32
      linalg.yield %176 : f32
    } -> tensor<2x16x64xf32>
    %174 = linalg.generic {indexing_maps = [#map3, #map7, #map3], iterator_types = ["parallel", "parallel", "parallel"]} ins(%173, %arg2 : tensor<2x16x64xf32>, tensor<64xf32>) outs(%15 : tensor<2x16x64xf32>) {
    ^bb0(%in: f32, %in_57: f32, %out: f32):
      %176 = arith.mulf %in, %in_57 : f32
      linalg.yield %176 : f32
    } -> tensor<2x16x64xf32>
    %175 = linalg.generic {indexing_maps = [#map3, #map7, #map3], iterator_types = ["parallel", "parallel", "parallel"]} ins(%174, %arg3 : tensor<2x16x64xf32>, tensor<64xf32>) outs(%15 : tensor<2x16x64xf32>) {
    ^bb0(%in: f32, %in_57: f32, %out: f32):
      %176 = arith.addf %in, %in_57 : f32
      linalg.yield %176 : f32
    } -> tensor<2x16x64xf32>
    return %175 : tensor<2x16x64xf32>
  }
}

