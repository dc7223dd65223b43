#map = affine_map<(d0, d1) -> (d0, d1)>
#map1 = affine_map<(d0, d1) -> (d1)>
#map2 = affine_map<()[s0, s1] -> (s0 * s1)>
#map3 = affine_map<(d0, d1) -> (d0)>
#map4 = affine_map<(d0, d1, d2) -> (d0, d1, d2)>
#map5 = affine_map<(d0, d1, d2) -> (0, d1, d2)>
#map6 = affine_map<(d0, d1, d2) -> (d0, d1, 0)>
#map7 = affine_map<(d0, d1, d2) -> (d2)>
#map8 = affine_map<(d0) -> (d0)>
#map9 = affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>
#map10 = affine_map<(d0, d1, d2, d3) -> ()>
#map11 = affine_map<(d0, d1, d2, d3) -> (d1, d2)>
#map12 = affine_map<(d0, d1, d2) -> (d1, d2)>
#map13 = affine_map<() -> ()>
#map14 = affine_map<(d0, d1, d2, d3) -> (d0, 0, d2, d3)>
#map15 = affine_map<(d0, d1, d2, d3) -> (d0, d1, d2)>
#map16 = affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, 0)>
#map17 = affine_map<(d0, d1, d2) -> ()>
module {
  func.func @main_graph(%arg0: tensor<?x?xi64>, %arg1: tensor<128x64xf32>, %arg2: tensor<64x64xf32>, %arg3: tensor<64xf32>, %arg4: tensor<64xf32>, %arg5: tensor<128xf32>, %arg6: tensor<64x64xf32>, %arg7: tensor<64x64xf32>, %arg8: tensor<64x64xf32>, %arg9: tensor<64x64xf32>, %arg10: tensor<64x128xf32>, %arg11: tensor<128x64xf32>, %arg12: tensor<64x64xf32>, %arg13: tensor<64x64xf32>, %arg14: tensor<64x64xf32>, %arg15: tensor<64x64xf32>, %arg16: tensor<64x128xf32>, %arg17: tensor<128x64xf32>) -> tensor<?x?x64xf32> {
    %true = arith.constant true
    %c16_i64 = arith.constant 16 : i64
    %c4_i64 = arith.constant 4 : i64
    %cst = arith.constant 9.99999996E-13 : f32
    %cst_0 = arith.constant 6.400000e+01 : f32
    %cst_1 = arith.constant dense<1.000000e+00> : tensor<f32>
    %cst_2 = arith.constant dense<1.41421354> : tensor<f32>
    %cst_3 = arith.constant dense<-3.40282347E+38> : tensor<f32>
    %cst_4 = arith.constant dense<0.000000e+00> : tensor<f32>
    %cst_5 = arith.constant dense<5.000000e-01> : tensor<f32>
    %cst_6 = arith.constant dense<"0x89AC9EBCE9FCA63BA059A53C37AAC23AABDD43BCB718FC3C709E763CBC9D673DABD0313BEEBD323C92E5263C704DBDBB869C8BBC84F350BA4644023D209CEFBC429FF83B030CFA3B475380BC2991133CDB7DB1BC025730BC3BB83C3C80D9A63B427EEFBCBB23883DB9B8903C5883D7BBE641E53C4A2087BB0BE8233CAD7F0ABD72242ABCB3DFAE3CAC8D223C2B2CFB3CDE416CBBD731A7BA5C36F73C4FAD923B53435B3C8B7544BCD477A2BC6A143DBA5DD011BD4ABF0CBD8479013CAA49A5BC1DBC9DBC5C1B4B3DBADC043CF31785BB4C7FFBB92E8FB33BA73B96BC2A61593C69A2B0BB6BF2393C2CE9503DA4F59C3A81522BBC4B8D343DA37A8D3C42A4C9BCF06C5ABBBD73523CF05B98BBD08215BB527D03BC899376BA9021C93C935C113DFB727CBCEDB047BCD806B5BCC10ECCBC7DDE5FB85A5C833CDECE2C3C8DE099BC7E38E3BB3B1F25BC94725C3C998D623CBED825BC77051A3C675EA6BB6787B63B063E07BCCABBA23CB0968F3BF938C4BBB9E905BC8B451B3D8E9F3D3A60429D3B28A918BB99B13D3C054EB23CEA8A973B85354EBDE962EABA853FDE3C8EB0E43A00C9BDBCFE2EC93B321C373B342D4EBC452BE53B57DEC0BC9982B53C6AC8B8BC1770BB3AA9C1413C53489C3B9CB2B63C039B00BC995C14BC9E60A1BCF75477BCA5207438B8302BBCD0239C3A5D0C08BD3C1D263D943F2EBCEBF38D3CCF9671BC"> : tensor<2x64xf32>
    %cst_7 = arith.constant 0xFF800000 : f32
    %c4 = arith.constant 4 : index
    %cst_8 = arith.constant 0.000000e+00 : f32
    %c64 = arith.constant 64 : index
    %c2 = arith.constant 2 : index
    %c-1 = arith.constant -1 : index
    %c1 = arith.constant 1 : index
    %c0 = arith.constant 0 : index
    %c0_i64 = arith.constant 0 : i64
    %c1_i64 = arith.constant 1 : i64
    %c2_i64 = arith.constant 2 : i64
    %c64_i64 = arith.constant 64 : i64
    %c128_i64 = arith.constant 128 : i64
    %cst_9 = arith.constant dense<16> : tensor<i64>
    %cst_10 = arith.constant dense<4> : tensor<i64>
    %cst_11 = arith.constant dense<[[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63]]> : tensor<1x64xi64>
    %cst_12 = arith.constant dense<0> : tensor<i64>
    %cst_13 = arith.constant dense<1> : tensor<1xi64>
    %cst_14 = arith.constant dense<-1> : tensor<1xi64>
    %cst_15 = arith.constant dense<16> : tensor<1xi64>
    %dim = tensor.dim %arg0, %c0 : tensor<?x?xi64>
    %0 = arith.index_cast %dim : index to i64
    %dim_16 = tensor.dim %arg0, %c1 : tensor<?x?xi64>
    %1 = arith.index_cast %dim_16 : index to i64
    %from_elements = tensor.from_elements %0, %1 : tensor<2xi64>
    %extracted_slice = tensor.extract_slice %from_elements[0] [1] [1] : tensor<2xi64> to tensor<1xi64>
    %extracted_slice_17 = tensor.extract_slice %from_elements[1] [1] [1] : tensor<2xi64> to tensor<1xi64>
    %collapsed = tensor.collapse_shape %extracted_slice_17 [] : tensor<1xi64> into tensor<i64>
    %extracted = tensor.extract %extracted_slice_17[%c0] : tensor<1xi64>
    %2 = arith.index_cast %extracted : i64 to index
    %3 = arith.cmpi slt, %2, %c0 : index
    %4 = arith.addi %2, %c64 : index
    %5 = arith.select %3, %4, %2 : index
    %6 = arith.cmpi slt, %5, %c0 : index
    %7 = arith.select %6, %c-1, %5 : index
    %8 = arith.minsi %7, %c64 : index
    %9 = arith.maxsi %8, %c0 : index
    %extracted_slice_18 = tensor.extract_slice %cst_11[0, 0] [1, %9] [1, 1] : tensor<1x64xi64> to tensor<1x?xi64>
    %10 = tensor.empty(%9) : tensor<1x?xi64>
    %11 = linalg.generic {indexing_maps = [#map, #map], iterator_types = ["parallel", "parallel"]} ins(%extracted_slice_18 : tensor<1x?xi64>) outs(%10 : tensor<1x?xi64>) {
    ^bb0(%in: i64, %out: i64):
      %534 = arith.addi %in, %c64_i64 : i64
      linalg.yield %534 : i64
    } -> tensor<1x?xi64>
    %12 = tensor.empty(%9) : tensor<1x?xi1>
    %13 = linalg.generic {indexing_maps = [#map, #map], iterator_types = ["parallel", "parallel"]} ins(%extracted_slice_18 : tensor<1x?xi64>) outs(%12 : tensor<1x?xi1>) {
    ^bb0(%in: i64, %out: i1):
      %534 = arith.cmpi slt, %in, %c0_i64 : i64
      linalg.yield %534 : i1
    } -> tensor<1x?xi1>
    %14 = linalg.generic {indexing_maps = [#map, #map, #map, #map], iterator_types = ["parallel", "parallel"]} ins(%13, %11, %extracted_slice_18 : tensor<1x?xi1>, tensor<1x?xi64>, tensor<1x?xi64>) outs(%10 : tensor<1x?xi64>) {
    ^bb0(%in: i1, %in_160: i64, %in_161: i64, %out: i64):
      %534 = arith.select %in, %in_160, %in_161 : i64
      linalg.yield %534 : i64
    } -> tensor<1x?xi64>
    %15 = linalg.fill ins(%c0_i64 : i64) outs(%10 : tensor<1x?xi64>) -> tensor<1x?xi64>
    %16 = linalg.generic {indexing_maps = [#map, #map], iterator_types = ["parallel", "parallel"]} ins(%14 : tensor<1x?xi64>) outs(%15 : tensor<1x?xi64>) {
    ^bb0(%in: i64, %out: i64):
      %534 = arith.index_cast %in : i64 to index
      %535 = arith.cmpi slt, %534, %c64 : index
      cf.assert %535, "index must be smaller than dim size"
      %536 = arith.cmpi sge, %in, %c0_i64 : i64
      cf.assert %536, "index must be larger or equal to 0"
      linalg.yield %c0_i64 : i64
    } -> tensor<1x?xi64>
    %concat = tensor.concat dim(0) %extracted_slice, %extracted_slice_17 : (tensor<1xi64>, tensor<1xi64>) -> tensor<2xi64>
    %extracted_slice_19 = tensor.extract_slice %concat[0] [1] [1] : tensor<2xi64> to tensor<1xi64>
    %collapsed_20 = tensor.collapse_shape %extracted_slice_19 [] : tensor<1xi64> into tensor<i64>
    %extracted_21 = tensor.extract %collapsed_20[] : tensor<i64>
    %extracted_slice_22 = tensor.extract_slice %concat[1] [1] [1] : tensor<2xi64> to tensor<1xi64>
    %collapsed_23 = tensor.collapse_shape %extracted_slice_22 [] : tensor<1xi64> into tensor<i64>
    %extracted_24 = tensor.extract %collapsed_23[] : tensor<i64>
    %17 = arith.index_cast %9 : index to i64
    %18 = arith.cmpi sge, %17, %extracted_24 : i64
    cf.assert %18, "onnx.Expand input has a dim that is not statically 1; expected this dim >= dim provided shape."
    %19 = arith.cmpi slt, %extracted_21, %c0_i64 : i64
    %20 = arith.index_cast %extracted_21 : i64 to index
    %21 = arith.select %19, %c1, %20 : index
    %22 = tensor.empty(%21, %9) : tensor<?x?xi64>
    %collapsed_25 = tensor.collapse_shape %16 [[0, 1]] : tensor<1x?xi64> into tensor<?xi64>
    %23 = linalg.generic {indexing_maps = [#map1, #map], iterator_types = ["parallel", "parallel"]} ins(%collapsed_25 : tensor<?xi64>) outs(%22 : tensor<?x?xi64>) {
    ^bb0(%in: i64, %out: i64):
      linalg.yield %in : i64
    } -> tensor<?x?xi64>
    %24 = tensor.empty(%dim, %dim_16) : tensor<?x?xi1>
    %25 = linalg.generic {indexing_maps = [#map, #map], iterator_types = ["parallel", "parallel"]} ins(%arg0 : tensor<?x?xi64>) outs(%24 : tensor<?x?xi1>) {
    ^bb0(%in: i64, %out: i1):
      %534 = arith.cmpi slt, %in, %c0_i64 : i64
      linalg.yield %534 : i1
    } -> tensor<?x?xi1>
    %26 = tensor.empty(%dim, %dim_16) : tensor<?x?xi64>
    %27 = linalg.generic {indexing_maps = [#map, #map], iterator_types = ["parallel", "parallel"]} ins(%arg0 : tensor<?x?xi64>) outs(%26 : tensor<?x?xi64>) {
    ^bb0(%in: i64, %out: i64):
      %534 = arith.addi %in, %c128_i64 : i64
      linalg.yield %534 : i64
    } -> tensor<?x?xi64>
    %28 = linalg.generic {indexing_maps = [#map, #map, #map, #map], iterator_types = ["parallel", "parallel"]} ins(%25, %27, %arg0 : tensor<?x?xi1>, tensor<?x?xi64>, tensor<?x?xi64>) outs(%26 : tensor<?x?xi64>) {
    ^bb0(%in: i1, %in_160: i64, %in_161: i64, %out: i64):
      %534 = arith.select %in, %in_160, %in_161 : i64
      linalg.yield %534 : i64
    } -> tensor<?x?xi64>
    %collapsed_26 = tensor.collapse_shape %28 [[0, 1]] : tensor<?x?xi64> into tensor<?xi64>
    %29 = affine.apply #map2()[%dim, %dim_16]
    %30 = tensor.empty(%29) : tensor<?x64xf32>
    %31 = linalg.generic {indexing_maps = [#map3, #map], iterator_types = ["parallel", "parallel"]} ins(%collapsed_26 : tensor<?xi64>) outs(%30 : tensor<?x64xf32>) {
    ^bb0(%in: i64, %out: f32):
      %534 = arith.index_cast %in : i64 to index
      %535 = linalg.index 1 : index
      %extracted_160 = tensor.extract %arg1[%534, %535] : tensor<128x64xf32>
      linalg.yield %extracted_160 : f32
    } -> tensor<?x64xf32>
    %from_elements_27 = tensor.from_elements %0, %1, %c64_i64 : tensor<3xi64>
    %reshape = tensor.reshape %31(%from_elements_27) : (tensor<?x64xf32>, tensor<3xi64>) -> tensor<?x?x64xf32>
    %32 = tensor.empty(%21, %9) : tensor<?x?xi1>
    %33 = linalg.generic {indexing_maps = [#map, #map], iterator_types = ["parallel", "parallel"]} ins(%23 : tensor<?x?xi64>) outs(%32 : tensor<?x?xi1>) {
    ^bb0(%in: i64, %out: i1):
      %534 = arith.cmpi slt, %in, %c0_i64 : i64
      linalg.yield %534 : i1
    } -> tensor<?x?xi1>
    %34 = linalg.generic {indexing_maps = [#map, #map], iterator_types = ["parallel", "parallel"]} ins(%23 : tensor<?x?xi64>) outs(%22 : tensor<?x?xi64>) {
    ^bb0(%in: i64, %out: i64):
      %534 = arith.addi %in, %c2_i64 : i64
      linalg.yield %534 : i64
    } -> tensor<?x?xi64>
    %35 = linalg.generic {indexing_maps = [#map, #map, #map, #map], iterator_types = ["parallel", "parallel"]} ins(%33, %34, %23 : tensor<?x?xi1>, tensor<?x?xi64>, tensor<?x?xi64>) outs(%22 : tensor<?x?xi64>) {
    ^bb0(%in: i1, %in_160: i64, %in_161: i64, %out: i64):
      %534 = arith.select %in, %in_160, %in_161 : i64
      linalg.yield %534 : i64
    } -> tensor<?x?xi64>
    %36 = arith.index_cast %21 : index to i64
    %collapsed_28 = tensor.collapse_shape %35 [[0, 1]] : tensor<?x?xi64> into tensor<?xi64>
    %37 = affine.apply #map2()[%21, %9]
    %38 = tensor.empty(%37) : tensor<?x64xf32>
    %39 = linalg.generic {indexing_maps = [#map3, #map], iterator_types = ["parallel", "parallel"]} ins(%collapsed_28 : tensor<?xi64>) outs(%38 : tensor<?x64xf32>) {
    ^bb0(%in: i64, %out: f32):
      %534 = arith.index_cast %in : i64 to index
      %535 = linalg.index 1 : index
      %extracted_160 = tensor.extract %cst_6[%534, %535] : tensor<2x64xf32>
      linalg.yield %extracted_160 : f32
    } -> tensor<?x64xf32>
    %from_elements_29 = tensor.from_elements %36, %17, %c64_i64 : tensor<3xi64>
    %reshape_30 = tensor.reshape %39(%from_elements_29) : (tensor<?x64xf32>, tensor<3xi64>) -> tensor<?x?x64xf32>
    %40 = arith.cmpi eq, %dim, %21 : index
    cf.assert %40, "mismatched size for broadcast"
    %41 = arith.cmpi eq, %dim_16, %9 : index
    cf.assert %41, "mismatched size for broadcast"
    %42 = tensor.empty(%dim, %dim_16) : tensor<?x?x64xf32>
    %43 = linalg.generic {indexing_maps = [#map4, #map4, #map4], iterator_types = ["parallel", "parallel", "parallel"]} ins(%reshape, %reshape_30 : tensor<?x?x64xf32>, tensor<?x?x64xf32>) outs(%42 : tensor<?x?x64xf32>) {
    ^bb0(%in: f32, %in_160: f32, %out: f32):
      %534 = arith.addf %in, %in_160 : f32
      linalg.yield %534 : f32
    } -> tensor<?x?x64xf32>
    %collapsed_31 = tensor.collapse_shape %14 [[0, 1]] : tensor<1x?xi64> into tensor<?xi64>
    %44 = tensor.empty(%9) : tensor<?x64xf32>
    %45 = linalg.generic {indexing_maps = [#map3, #map], iterator_types = ["parallel", "parallel"]} ins(%collapsed_31 : tensor<?xi64>) outs(%44 : tensor<?x64xf32>) {
    ^bb0(%in: i64, %out: f32):
      %534 = arith.index_cast %in : i64 to index
      %535 = linalg.index 1 : index
      %extracted_160 = tensor.extract %arg2[%534, %535] : tensor<64x64xf32>
      linalg.yield %extracted_160 : f32
    } -> tensor<?x64xf32>
    %expanded = tensor.expand_shape %45 [[0, 1], [2]] output_shape [1, %9, 64] : tensor<?x64xf32> into tensor<1x?x64xf32>
    %46 = arith.cmpi eq, %dim_16, %9 : index
    cf.assert %46, "mismatched size for broadcast"
    %47 = linalg.generic {indexing_maps = [#map4, #map5, #map4], iterator_types = ["parallel", "parallel", "parallel"]} ins(%43, %expanded : tensor<?x?x64xf32>, tensor<1x?x64xf32>) outs(%42 : tensor<?x?x64xf32>) {
    ^bb0(%in: f32, %in_160: f32, %out: f32):
      %534 = arith.addf %in, %in_160 : f32
      linalg.yield %534 : f32
    } -> tensor<?x?x64xf32>
    %48 = tensor.empty(%dim, %dim_16) : tensor<?x?x1xf32>
    %49 = linalg.fill ins(%cst_8 : f32) outs(%48 : tensor<?x?x1xf32>) -> tensor<?x?x1xf32>
    %50 = linalg.generic {indexing_maps = [#map4, #map6], iterator_types = ["parallel", "parallel", "reduction"]} ins(%47 : tensor<?x?x64xf32>) outs(%49 : tensor<?x?x1xf32>) {
    ^bb0(%in: f32, %out: f32):
      %534 = arith.addf %in, %out : f32
      linalg.yield %534 : f32
    } -> tensor<?x?x1xf32>
    %51 = linalg.generic {indexing_maps = [#map4, #map4], iterator_types = ["parallel", "parallel", "parallel"]} ins(%50 : tensor<?x?x1xf32>) outs(%48 : tensor<?x?x1xf32>) {
    ^bb0(%in: f32, %out: f32):
      %534 = arith.divf %in, %cst_0 : f32
      linalg.yield %534 : f32
    } -> tensor<?x?x1xf32>
    %52 = arith.cmpi sge, %0, %c0_i64 : i64
    cf.assert %52, "unimplemented: dynamic negative broadcast sizes"
    %53 = arith.cmpi sge, %1, %c0_i64 : i64
    cf.assert %53, "unimplemented: dynamic negative broadcast sizes"
    %54 = tensor.empty(%dim, %dim_16) : tensor<?x?x64xf32>
    %55 = linalg.generic {indexing_maps = [#map4], iterator_types = ["parallel", "parallel", "parallel"]} outs(%54 : tensor<?x?x64xf32>) {
    ^bb0(%out: f32):
      %534 = linalg.index 0 : index
      %535 = linalg.index 1 : index
      %536 = arith.cmpi eq, %dim, %c1 : index
      %537 = arith.select %536, %c0, %534 : index
      %538 = arith.cmpi eq, %dim_16, %c1 : index
      %539 = arith.select %538, %c0, %535 : index
      %extracted_160 = tensor.extract %51[%537, %539, %c0] : tensor<?x?x1xf32>
      linalg.yield %extracted_160 : f32
    } -> tensor<?x?x64xf32>
    cf.assert %true, "mismatched size for broadcast"
    cf.assert %true, "mismatched size for broadcast"
    %56 = linalg.generic {indexing_maps = [#map4, #map4, #map4], iterator_types = ["parallel", "parallel", "parallel"]} ins(%47, %55 : tensor<?x?x64xf32>, tensor<?x?x64xf32>) outs(%42 : tensor<?x?x64xf32>) {
    ^bb0(%in: f32, %in_160: f32, %out: f32):
      %534 = arith.subf %in, %in_160 : f32
      linalg.yield %534 : f32
    } -> tensor<?x?x64xf32>
    %57 = linalg.generic {indexing_maps = [#map4, #map4, #map4], iterator_types = ["parallel", "parallel", "parallel"]} ins(%56, %56 : tensor<?x?x64xf32>, tensor<?x?x64xf32>) outs(%42 : tensor<?x?x64xf32>) {
    ^bb0(%in: f32, %in_160: f32, %out: f32):
      %534 = arith.mulf %in, %in_160 : f32
      linalg.yield %534 : f32
    } -> tensor<?x?x64xf32>
    %58 = linalg.generic {indexing_maps = [#map4, #map6], iterator_types = ["parallel", "parallel", "reduction"]} ins(%57 : tensor<?x?x64xf32>) outs(%49 : tensor<?x?x1xf32>) {
    ^bb0(%in: f32, %out: f32):
      %534 = arith.addf %in, %out : f32
      linalg.yield %534 : f32
    } -> tensor<?x?x1xf32>
    %59 = linalg.generic {indexing_maps = [#map4, #map4], iterator_types = ["parallel", "parallel", "parallel"]} ins(%58 : tensor<?x?x1xf32>) outs(%48 : tensor<?x?x1xf32>) {
    ^bb0(%in: f32, %out: f32):
      %534 = arith.divf %in, %cst_0 : f32
      linalg.yield %534 : f32
    } -> tensor<?x?x1xf32>
    %60 = linalg.generic {indexing_maps = [#map4, #map4], iterator_types = ["parallel", "parallel", "parallel"]} ins(%59 : tensor<?x?x1xf32>) outs(%48 : tensor<?x?x1xf32>) {
    ^bb0(%in: f32, %out: f32):
      %534 = arith.addf %in, %cst : f32
      linalg.yield %534 : f32
    } -> tensor<?x?x1xf32>
    %61 = linalg.generic {indexing_maps = [#map4, #map4], iterator_types = ["parallel", "parallel", "parallel"]} ins(%60 : tensor<?x?x1xf32>) outs(%48 : tensor<?x?x1xf32>) {
    ^bb0(%in: f32, %out: f32):
      %534 = math.rsqrt %in : f32
      linalg.yield %534 : f32
    } -> tensor<?x?x1xf32>
    cf.assert %52, "unimplemented: dynamic negative broadcast sizes"
    cf.assert %53, "unimplemented: dynamic negative broadcast sizes"
    %62 = linalg.generic {indexing_maps = [#map4], iterator_types = ["parallel", "parallel", "parallel"]} outs(%54 : tensor<?x?x64xf32>) {
    ^bb0(%out: f32):
      %534 = linalg.index 0 : index
      %535 = linalg.index 1 : index
      %536 = arith.cmpi eq, %dim, %c1 : index
      %537 = arith.select %536, %c0, %534 : index
      %538 = arith.cmpi eq, %dim_16, %c1 : index
      %539 = arith.select %538, %c0, %535 : index
      %extracted_160 = tensor.extract %61[%537, %539, %c0] : tensor<?x?x1xf32>
      linalg.yield %extracted_160 : f32
    } -> tensor<?x?x64xf32>
    cf.assert %true, "mismatched size for broadcast"
    cf.assert %true, "mismatched size for broadcast"
    %63 = linalg.generic {indexing_maps = [#map4, #map4, #map4], iterator_types = ["parallel", "parallel", "parallel"]} ins(%56, %62 : tensor<?x?x64xf32>, tensor<?x?x64xf32>) outs(%42 : tensor<?x?x64xf32>) {
    ^bb0(%in: f32, %in_160: f32, %out: f32):
      %534 = arith.mulf %in, %in_160 : f32
      linalg.yield %534 : f32
    } -> tensor<?x?x64xf32>
    %64 = linalg.generic {indexing_maps = [#map4, #map7, #map4], iterator_types = ["parallel", "parallel", "parallel"]} ins(%63, %arg3 : tensor<?x?x64xf32>, tensor<64xf32>) outs(%42 : tensor<?x?x64xf32>) {
    ^bb0(%in: f32, %in_160: f32, %out: f32):
      %534 = arith.mulf %in, %in_160 : f32
      linalg.yield %534 : f32
    } -> tensor<?x?x64xf32>
    %65 = linalg.generic {indexing_maps = [#map4, #map7, #map4], iterator_types = ["parallel", "parallel", "parallel"]} ins(%64, %arg4 : tensor<?x?x64xf32>, tensor<64xf32>) outs(%42 : tensor<?x?x64xf32>) {
    ^bb0(%in: f32, %in_160: f32, %out: f32):
      %534 = arith.addf %in, %in_160 : f32
      linalg.yield %534 : f32
    } -> tensor<?x?x64xf32>
    %extracted_32 = tensor.extract %collapsed[] : tensor<i64>
    %66 = arith.index_cast %extracted_32 : i64 to index
    %67 = tensor.empty(%66) : tensor<?xi64>
    %68 = linalg.generic {indexing_maps = [#map8], iterator_types = ["parallel"]} outs(%67 : tensor<?xi64>) {
    ^bb0(%out: i64):
      %534 = linalg.index 0 : index
      %535 = arith.index_cast %534 : index to i64
      linalg.yield %535 : i64
    } -> tensor<?xi64>
    %expanded_33 = tensor.expand_shape %68 [[0, 1, 2, 3]] output_shape [1, 1, %66, 1] : tensor<?xi64> into tensor<1x1x?x1xi64>
    %69 = tensor.empty(%66) : tensor<1x1x?x1xi1>
    %70 = linalg.generic {indexing_maps = [#map9, #map10, #map9], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%expanded_33, %cst_12 : tensor<1x1x?x1xi64>, tensor<i64>) outs(%69 : tensor<1x1x?x1xi1>) {
    ^bb0(%in: i64, %in_160: i64, %out: i1):
      %534 = arith.cmpi sge, %in, %in_160 : i64
      linalg.yield %534 : i1
    } -> tensor<1x1x?x1xi1>
    %concat_34 = tensor.concat dim(0) %extracted_slice, %cst_13, %extracted_slice_17, %extracted_slice_17 : (tensor<1xi64>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<4xi64>
    %extracted_slice_35 = tensor.extract_slice %concat_34[0] [1] [1] : tensor<4xi64> to tensor<1xi64>
    %collapsed_36 = tensor.collapse_shape %extracted_slice_35 [] : tensor<1xi64> into tensor<i64>
    %extracted_37 = tensor.extract %collapsed_36[] : tensor<i64>
    %extracted_slice_38 = tensor.extract_slice %concat_34[2] [1] [1] : tensor<4xi64> to tensor<1xi64>
    %collapsed_39 = tensor.collapse_shape %extracted_slice_38 [] : tensor<1xi64> into tensor<i64>
    %extracted_40 = tensor.extract %collapsed_39[] : tensor<i64>
    %71 = arith.cmpi sge, %extracted_32, %extracted_40 : i64
    cf.assert %71, "onnx.Expand input has a dim that is not statically 1; expected this dim >= dim provided shape."
    %extracted_slice_41 = tensor.extract_slice %concat_34[3] [1] [1] : tensor<4xi64> to tensor<1xi64>
    %collapsed_42 = tensor.collapse_shape %extracted_slice_41 [] : tensor<1xi64> into tensor<i64>
    %extracted_43 = tensor.extract %collapsed_42[] : tensor<i64>
    %72 = arith.cmpi slt, %extracted_37, %c0_i64 : i64
    %73 = arith.index_cast %extracted_37 : i64 to index
    %74 = arith.select %72, %c1, %73 : index
    %75 = arith.cmpi slt, %extracted_43, %c0_i64 : i64
    %76 = arith.index_cast %extracted_43 : i64 to index
    %77 = arith.select %75, %c1, %76 : index
    %78 = tensor.empty(%74, %66, %77) : tensor<?x1x?x?xi1>
    %collapsed_44 = tensor.collapse_shape %70 [[0, 1], [2, 3]] : tensor<1x1x?x1xi1> into tensor<1x?xi1>
    %79 = linalg.generic {indexing_maps = [#map11, #map9], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%collapsed_44 : tensor<1x?xi1>) outs(%78 : tensor<?x1x?x?xi1>) {
    ^bb0(%in: i1, %out: i1):
      linalg.yield %in : i1
    } -> tensor<?x1x?x?xi1>
    %80 = arith.cmpi sge, %0, %c0_i64 : i64
    cf.assert %80, "negative values not allowed in new dimensions"
    %81 = tensor.empty(%dim) : tensor<?x64x64xf32>
    %82 = linalg.generic {indexing_maps = [#map12, #map4], iterator_types = ["parallel", "parallel", "parallel"]} ins(%arg6 : tensor<64x64xf32>) outs(%81 : tensor<?x64x64xf32>) {
    ^bb0(%in: f32, %out: f32):
      linalg.yield %in : f32
    } -> tensor<?x64x64xf32>
    %83 = linalg.fill ins(%cst_8 : f32) outs(%42 : tensor<?x?x64xf32>) -> tensor<?x?x64xf32>
    %84 = linalg.batch_matmul ins(%65, %82 : tensor<?x?x64xf32>, tensor<?x64x64xf32>) outs(%83 : tensor<?x?x64xf32>) -> tensor<?x?x64xf32>
    %85 = linalg.generic {indexing_maps = [#map4, #map7, #map4], iterator_types = ["parallel", "parallel", "parallel"]} ins(%84, %arg4 : tensor<?x?x64xf32>, tensor<64xf32>) outs(%42 : tensor<?x?x64xf32>) {
    ^bb0(%in: f32, %in_160: f32, %out: f32):
      %534 = arith.addf %in, %in_160 : f32
      linalg.yield %534 : f32
    } -> tensor<?x?x64xf32>
    %concat_45 = tensor.concat dim(0) %extracted_slice, %extracted_slice_17, %cst_14, %cst_15 : (tensor<1xi64>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<4xi64>
    %extracted_slice_46 = tensor.extract_slice %concat_45[0] [1] [1] : tensor<4xi64> to tensor<1xi64>
    %extracted_47 = tensor.extract %extracted_slice_46[%c0] : tensor<1xi64>
    %extracted_slice_48 = tensor.extract_slice %concat_45[1] [1] [1] : tensor<4xi64> to tensor<1xi64>
    %extracted_49 = tensor.extract %extracted_slice_48[%c0] : tensor<1xi64>
    %extracted_slice_50 = tensor.extract_slice %concat_45[2] [1] [1] : tensor<4xi64> to tensor<1xi64>
    %extracted_51 = tensor.extract %extracted_slice_50[%c0] : tensor<1xi64>
    %extracted_slice_52 = tensor.extract_slice %concat_45[3] [1] [1] : tensor<4xi64> to tensor<1xi64>
    %extracted_53 = tensor.extract %extracted_slice_52[%c0] : tensor<1xi64>
    %86 = arith.cmpi slt, %extracted_47, %c0_i64 : i64
    %87 = arith.select %86, %c1_i64, %extracted_47 : i64
    %88 = arith.extui %86 : i1 to i64
    %89 = arith.muli %87, %extracted_49 : i64
    %90 = arith.addi %88, %c1_i64 : i64
    %91 = arith.cmpi slt, %extracted_49, %c0_i64 : i64
    %92 = arith.select %91, %87, %89 : i64
    %93 = arith.select %91, %90, %88 : i64
    %94 = arith.muli %92, %extracted_51 : i64
    %95 = arith.addi %93, %c1_i64 : i64
    %96 = arith.cmpi slt, %extracted_51, %c0_i64 : i64
    %97 = arith.select %96, %92, %94 : i64
    %98 = arith.select %96, %95, %93 : i64
    %99 = arith.muli %97, %extracted_53 : i64
    %100 = arith.addi %98, %c1_i64 : i64
    %101 = arith.cmpi slt, %extracted_53, %c0_i64 : i64
    %102 = arith.select %101, %97, %99 : i64
    %103 = arith.select %101, %100, %98 : i64
    %104 = arith.cmpi sle, %103, %c1_i64 : i64
    cf.assert %104, "must have at most one inferred (negative) dimension"
    %105 = arith.muli %0, %1 : i64
    %106 = arith.muli %105, %c64_i64 : i64
    %107 = arith.divsi %106, %102 : i64
    %108 = arith.select %86, %107, %extracted_47 : i64
    %109 = arith.select %91, %107, %extracted_49 : i64
    %110 = arith.select %96, %107, %extracted_51 : i64
    %111 = arith.select %101, %107, %extracted_53 : i64
    %from_elements_54 = tensor.from_elements %108, %109, %110, %111 : tensor<4xi64>
    %reshape_55 = tensor.reshape %85(%from_elements_54) : (tensor<?x?x64xf32>, tensor<4xi64>) -> tensor<?x?x4x16xf32>
    %112 = arith.index_cast %108 : i64 to index
    %113 = arith.index_cast %109 : i64 to index
    %114 = tensor.empty(%112, %113) : tensor<?x4x?x16xf32>
    %transposed = linalg.transpose ins(%reshape_55 : tensor<?x?x4x16xf32>) outs(%114 : tensor<?x4x?x16xf32>) permutation = [0, 2, 1, 3] 
    cf.assert %80, "negative values not allowed in new dimensions"
    %115 = linalg.generic {indexing_maps = [#map12, #map4], iterator_types = ["parallel", "parallel", "parallel"]} ins(%arg7 : tensor<64x64xf32>) outs(%81 : tensor<?x64x64xf32>) {
    ^bb0(%in: f32, %out: f32):
      linalg.yield %in : f32
    } -> tensor<?x64x64xf32>
    %116 = linalg.batch_matmul ins(%65, %115 : tensor<?x?x64xf32>, tensor<?x64x64xf32>) outs(%83 : tensor<?x?x64xf32>) -> tensor<?x?x64xf32>
    %117 = linalg.generic {indexing_maps = [#map4, #map7, #map4], iterator_types = ["parallel", "parallel", "parallel"]} ins(%116, %arg4 : tensor<?x?x64xf32>, tensor<64xf32>) outs(%42 : tensor<?x?x64xf32>) {
    ^bb0(%in: f32, %in_160: f32, %out: f32):
      %534 = arith.addf %in, %in_160 : f32
      linalg.yield %534 : f32
    } -> tensor<?x?x64xf32>
    cf.assert %104, "must have at most one inferred (negative) dimension"
    %reshape_56 = tensor.reshape %117(%from_elements_54) : (tensor<?x?x64xf32>, tensor<4xi64>) -> tensor<?x?x4x16xf32>
    %transposed_57 = linalg.transpose ins(%reshape_56 : tensor<?x?x4x16xf32>) outs(%114 : tensor<?x4x?x16xf32>) permutation = [0, 2, 1, 3] 
    cf.assert %80, "negative values not allowed in new dimensions"
    %118 = linalg.generic {indexing_maps = [#map12, #map4], iterator_types = ["parallel", "parallel", "parallel"]} ins(%arg8 : tensor<64x64xf32>) outs(%81 : tensor<?x64x64xf32>) {
    ^bb0(%in: f32, %out: f32):
      linalg.yield %in : f32
    } -> tensor<?x64x64xf32>
    %119 = linalg.batch_matmul ins(%65, %118 : tensor<?x?x64xf32>, tensor<?x64x64xf32>) outs(%83 : tensor<?x?x64xf32>) -> tensor<?x?x64xf32>
    %120 = linalg.generic {indexing_maps = [#map4, #map7, #map4], iterator_types = ["parallel", "parallel", "parallel"]} ins(%119, %arg4 : tensor<?x?x64xf32>, tensor<64xf32>) outs(%42 : tensor<?x?x64xf32>) {
    ^bb0(%in: f32, %in_160: f32, %out: f32):
      %534 = arith.addf %in, %in_160 : f32
      linalg.yield %534 : f32
    } -> tensor<?x?x64xf32>
    cf.assert %104, "must have at most one inferred (negative) dimension"
    %reshape_58 = tensor.reshape %120(%from_elements_54) : (tensor<?x?x64xf32>, tensor<4xi64>) -> tensor<?x?x4x16xf32>
    %transposed_59 = linalg.transpose ins(%reshape_58 : tensor<?x?x4x16xf32>) outs(%114 : tensor<?x4x?x16xf32>) permutation = [0, 2, 1, 3] 
    %dim_60 = tensor.dim %transposed_57, %c0 : tensor<?x4x?x16xf32>
    %121 = arith.index_cast %dim_60 : index to i64
    %dim_61 = tensor.dim %transposed_57, %c2 : tensor<?x4x?x16xf32>
    %122 = arith.index_cast %dim_61 : index to i64
    %from_elements_62 = tensor.from_elements %121, %c4_i64, %122, %c16_i64 : tensor<4xi64>
    %extracted_slice_63 = tensor.extract_slice %from_elements_62[3] [1] [1] : tensor<4xi64> to tensor<1xi64>
    %extracted_slice_64 = tensor.extract_slice %from_elements_62[2] [1] [1] : tensor<4xi64> to tensor<1xi64>
    %extracted_slice_65 = tensor.extract_slice %from_elements_62[0] [2] [1] : tensor<4xi64> to tensor<2xi64>
    %concat_66 = tensor.concat dim(0) %cst_14, %extracted_slice_64, %extracted_slice_63 : (tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<3xi64>
    %extracted_slice_67 = tensor.extract_slice %concat_66[0] [1] [1] : tensor<3xi64> to tensor<1xi64>
    %extracted_68 = tensor.extract %extracted_slice_67[%c0] : tensor<1xi64>
    %123 = arith.cmpi eq, %extracted_68, %c0_i64 : i64
    %124 = tensor.empty() : tensor<i1>
    %125 = linalg.fill ins(%123 : i1) outs(%124 : tensor<i1>) -> tensor<i1>
    %126 = tensor.empty() : tensor<i64>
    %127 = linalg.fill ins(%108 : i64) outs(%126 : tensor<i64>) -> tensor<i64>
    %128 = linalg.fill ins(%extracted_68 : i64) outs(%126 : tensor<i64>) -> tensor<i64>
    %129 = linalg.generic {indexing_maps = [#map13, #map13, #map13, #map13], iterator_types = []} ins(%125, %127, %128 : tensor<i1>, tensor<i64>, tensor<i64>) outs(%126 : tensor<i64>) {
    ^bb0(%in: i1, %in_160: i64, %in_161: i64, %out: i64):
      %534 = arith.select %in, %in_160, %in_161 : i64
      linalg.yield %534 : i64
    } -> tensor<i64>
    %extracted_69 = tensor.extract %129[] : tensor<i64>
    %extracted_slice_70 = tensor.extract_slice %concat_66[1] [1] [1] : tensor<3xi64> to tensor<1xi64>
    %extracted_71 = tensor.extract %extracted_slice_70[%c0] : tensor<1xi64>
    %130 = arith.cmpi eq, %extracted_71, %c0_i64 : i64
    %131 = linalg.fill ins(%130 : i1) outs(%124 : tensor<i1>) -> tensor<i1>
    %132 = linalg.fill ins(%extracted_71 : i64) outs(%126 : tensor<i64>) -> tensor<i64>
    %133 = linalg.generic {indexing_maps = [#map13, #map13, #map13, #map13], iterator_types = []} ins(%131, %cst_10, %132 : tensor<i1>, tensor<i64>, tensor<i64>) outs(%126 : tensor<i64>) {
    ^bb0(%in: i1, %in_160: i64, %in_161: i64, %out: i64):
      %534 = arith.select %in, %in_160, %in_161 : i64
      linalg.yield %534 : i64
    } -> tensor<i64>
    %extracted_72 = tensor.extract %133[] : tensor<i64>
    %extracted_slice_73 = tensor.extract_slice %concat_66[2] [1] [1] : tensor<3xi64> to tensor<1xi64>
    %extracted_74 = tensor.extract %extracted_slice_73[%c0] : tensor<1xi64>
    %134 = arith.cmpi eq, %extracted_74, %c0_i64 : i64
    %135 = linalg.fill ins(%134 : i1) outs(%124 : tensor<i1>) -> tensor<i1>
    %136 = linalg.fill ins(%109 : i64) outs(%126 : tensor<i64>) -> tensor<i64>
    %137 = linalg.fill ins(%extracted_74 : i64) outs(%126 : tensor<i64>) -> tensor<i64>
    %138 = linalg.generic {indexing_maps = [#map13, #map13, #map13, #map13], iterator_types = []} ins(%135, %136, %137 : tensor<i1>, tensor<i64>, tensor<i64>) outs(%126 : tensor<i64>) {
    ^bb0(%in: i1, %in_160: i64, %in_161: i64, %out: i64):
      %534 = arith.select %in, %in_160, %in_161 : i64
      linalg.yield %534 : i64
    } -> tensor<i64>
    %extracted_75 = tensor.extract %138[] : tensor<i64>
    %139 = arith.cmpi slt, %extracted_69, %c0_i64 : i64
    %140 = arith.select %139, %c1_i64, %extracted_69 : i64
    %141 = arith.extui %139 : i1 to i64
    %142 = arith.muli %140, %extracted_72 : i64
    %143 = arith.addi %141, %c1_i64 : i64
    %144 = arith.cmpi slt, %extracted_72, %c0_i64 : i64
    %145 = arith.select %144, %140, %142 : i64
    %146 = arith.select %144, %143, %141 : i64
    %147 = arith.muli %145, %extracted_75 : i64
    %148 = arith.addi %146, %c1_i64 : i64
    %149 = arith.cmpi slt, %extracted_75, %c0_i64 : i64
    %150 = arith.select %149, %145, %147 : i64
    %151 = arith.select %149, %148, %146 : i64
    %152 = arith.cmpi sle, %151, %c1_i64 : i64
    cf.assert %152, "must have at most one inferred (negative) dimension"
    %153 = arith.muli %108, %c4_i64 : i64
    %154 = arith.muli %153, %109 : i64
    %155 = arith.muli %154, %c16_i64 : i64
    %156 = arith.divsi %155, %150 : i64
    %157 = arith.select %139, %156, %extracted_69 : i64
    %158 = arith.select %144, %156, %extracted_72 : i64
    %159 = arith.select %149, %156, %extracted_75 : i64
    %from_elements_76 = tensor.from_elements %157, %158, %159 : tensor<3xi64>
    %reshape_77 = tensor.reshape %transposed_57(%from_elements_76) : (tensor<?x4x?x16xf32>, tensor<3xi64>) -> tensor<?x?x16xf32>
    %160 = arith.index_cast %157 : i64 to index
    %161 = arith.index_cast %158 : i64 to index
    %162 = tensor.empty(%160, %161) : tensor<?x16x?xf32>
    %transposed_78 = linalg.transpose ins(%reshape_77 : tensor<?x?x16xf32>) outs(%162 : tensor<?x16x?xf32>) permutation = [0, 2, 1] 
    %concat_79 = tensor.concat dim(0) %extracted_slice_65, %extracted_slice_63, %extracted_slice_64 : (tensor<2xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<4xi64>
    %extracted_slice_80 = tensor.extract_slice %concat_79[0] [1] [1] : tensor<4xi64> to tensor<1xi64>
    %extracted_81 = tensor.extract %extracted_slice_80[%c0] : tensor<1xi64>
    %163 = arith.cmpi eq, %extracted_81, %c0_i64 : i64
    %164 = linalg.fill ins(%163 : i1) outs(%124 : tensor<i1>) -> tensor<i1>
    %165 = linalg.fill ins(%157 : i64) outs(%126 : tensor<i64>) -> tensor<i64>
    %166 = linalg.fill ins(%extracted_81 : i64) outs(%126 : tensor<i64>) -> tensor<i64>
    %167 = linalg.generic {indexing_maps = [#map13, #map13, #map13, #map13], iterator_types = []} ins(%164, %165, %166 : tensor<i1>, tensor<i64>, tensor<i64>) outs(%126 : tensor<i64>) {
    ^bb0(%in: i1, %in_160: i64, %in_161: i64, %out: i64):
      %534 = arith.select %in, %in_160, %in_161 : i64
      linalg.yield %534 : i64
    } -> tensor<i64>
    %extracted_82 = tensor.extract %167[] : tensor<i64>
    %extracted_slice_83 = tensor.extract_slice %concat_79[1] [1] [1] : tensor<4xi64> to tensor<1xi64>
    %extracted_84 = tensor.extract %extracted_slice_83[%c0] : tensor<1xi64>
    %168 = arith.cmpi eq, %extracted_84, %c0_i64 : i64
    %169 = linalg.fill ins(%168 : i1) outs(%124 : tensor<i1>) -> tensor<i1>
    %170 = linalg.fill ins(%extracted_84 : i64) outs(%126 : tensor<i64>) -> tensor<i64>
    %171 = linalg.generic {indexing_maps = [#map13, #map13, #map13, #map13], iterator_types = []} ins(%169, %cst_9, %170 : tensor<i1>, tensor<i64>, tensor<i64>) outs(%126 : tensor<i64>) {
    ^bb0(%in: i1, %in_160: i64, %in_161: i64, %out: i64):
      %534 = arith.select %in, %in_160, %in_161 : i64
      linalg.yield %534 : i64
    } -> tensor<i64>
    %extracted_85 = tensor.extract %171[] : tensor<i64>
    %extracted_slice_86 = tensor.extract_slice %concat_79[2] [1] [1] : tensor<4xi64> to tensor<1xi64>
    %extracted_87 = tensor.extract %extracted_slice_86[%c0] : tensor<1xi64>
    %172 = arith.cmpi eq, %extracted_87, %c0_i64 : i64
    %173 = linalg.fill ins(%172 : i1) outs(%124 : tensor<i1>) -> tensor<i1>
    %174 = linalg.fill ins(%158 : i64) outs(%126 : tensor<i64>) -> tensor<i64>
    %175 = linalg.fill ins(%extracted_87 : i64) outs(%126 : tensor<i64>) -> tensor<i64>
    %176 = linalg.generic {indexing_maps = [#map13, #map13, #map13, #map13], iterator_types = []} ins(%173, %174, %175 : tensor<i1>, tensor<i64>, tensor<i64>) outs(%126 : tensor<i64>) {
    ^bb0(%in: i1, %in_160: i64, %in_161: i64, %out: i64):
      %534 = arith.select %in, %in_160, %in_161 : i64
      linalg.yield %534 : i64
    } -> tensor<i64>
    %extracted_88 = tensor.extract %176[] : tensor<i64>
    %extracted_slice_89 = tensor.extract_slice %concat_79[3] [1] [1] : tensor<4xi64> to tensor<1xi64>
    %extracted_90 = tensor.extract %extracted_slice_89[%c0] : tensor<1xi64>
    %177 = arith.cmpi slt, %extracted_82, %c0_i64 : i64
    %178 = arith.select %177, %c1_i64, %extracted_82 : i64
    %179 = arith.extui %177 : i1 to i64
    %180 = arith.muli %178, %extracted_85 : i64
    %181 = arith.addi %179, %c1_i64 : i64
    %182 = arith.cmpi slt, %extracted_85, %c0_i64 : i64
    %183 = arith.select %182, %178, %180 : i64
    %184 = arith.select %182, %181, %179 : i64
    %185 = arith.muli %183, %extracted_88 : i64
    %186 = arith.addi %184, %c1_i64 : i64
    %187 = arith.cmpi slt, %extracted_88, %c0_i64 : i64
    %188 = arith.select %187, %183, %185 : i64
    %189 = arith.select %187, %186, %184 : i64
    %190 = arith.muli %188, %extracted_90 : i64
    %191 = arith.addi %189, %c1_i64 : i64
    %192 = arith.cmpi slt, %extracted_90, %c0_i64 : i64
    %193 = arith.select %192, %188, %190 : i64
    %194 = arith.select %192, %191, %189 : i64
    %195 = arith.cmpi sle, %194, %c1_i64 : i64
    cf.assert %195, "must have at most one inferred (negative) dimension"
    %196 = arith.muli %157, %c16_i64 : i64
    %197 = arith.muli %196, %158 : i64
    %198 = arith.divsi %197, %193 : i64
    %199 = arith.select %177, %198, %extracted_82 : i64
    %200 = arith.select %182, %198, %extracted_85 : i64
    %201 = arith.select %187, %198, %extracted_88 : i64
    %202 = arith.select %192, %198, %extracted_90 : i64
    %from_elements_91 = tensor.from_elements %199, %200, %201, %202 : tensor<4xi64>
    %reshape_92 = tensor.reshape %transposed_78(%from_elements_91) : (tensor<?x16x?xf32>, tensor<4xi64>) -> tensor<?x4x16x?xf32>
    %203 = linalg.generic {indexing_maps = [#map9, #map10, #map9], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%transposed, %cst_5 : tensor<?x4x?x16xf32>, tensor<f32>) outs(%114 : tensor<?x4x?x16xf32>) {
    ^bb0(%in: f32, %in_160: f32, %out: f32):
      %534 = arith.mulf %in, %in_160 : f32
      linalg.yield %534 : f32
    } -> tensor<?x4x?x16xf32>
    %204 = arith.index_cast %199 : i64 to index
    %205 = arith.index_cast %202 : i64 to index
    %206 = tensor.empty(%204, %205) : tensor<?x4x16x?xf32>
    %207 = linalg.generic {indexing_maps = [#map9, #map10, #map9], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%reshape_92, %cst_5 : tensor<?x4x16x?xf32>, tensor<f32>) outs(%206 : tensor<?x4x16x?xf32>) {
    ^bb0(%in: f32, %in_160: f32, %out: f32):
      %534 = arith.mulf %in, %in_160 : f32
      linalg.yield %534 : f32
    } -> tensor<?x4x16x?xf32>
    %208 = tensor.empty(%74, %66, %77) : tensor<?x1x?x?xf32>
    %209 = linalg.generic {indexing_maps = [#map9, #map10, #map10, #map9], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%79, %cst_4, %cst_3 : tensor<?x1x?x?xi1>, tensor<f32>, tensor<f32>) outs(%208 : tensor<?x1x?x?xf32>) {
    ^bb0(%in: i1, %in_160: f32, %in_161: f32, %out: f32):
      %534 = arith.select %in, %in_160, %in_161 : f32
      linalg.yield %534 : f32
    } -> tensor<?x1x?x?xf32>
    %210 = arith.maxui %112, %204 : index
    %collapsed_93 = tensor.collapse_shape %203 [[0, 1], [2], [3]] : tensor<?x4x?x16xf32> into tensor<?x?x16xf32>
    %collapsed_94 = tensor.collapse_shape %207 [[0, 1], [2], [3]] : tensor<?x4x16x?xf32> into tensor<?x16x?xf32>
    %211 = arith.muli %210, %c4 : index
    %212 = tensor.empty(%211, %113, %205) : tensor<?x?x?xf32>
    %213 = linalg.fill ins(%cst_8 : f32) outs(%212 : tensor<?x?x?xf32>) -> tensor<?x?x?xf32>
    %214 = linalg.batch_matmul ins(%collapsed_93, %collapsed_94 : tensor<?x?x16xf32>, tensor<?x16x?xf32>) outs(%213 : tensor<?x?x?xf32>) -> tensor<?x?x?xf32>
    %215 = arith.divsi %211, %c4 : index
    %expanded_95 = tensor.expand_shape %214 [[0, 1], [2], [3]] output_shape [%215, 4, %113, %205] : tensor<?x?x?xf32> into tensor<?x4x?x?xf32>
    %216 = arith.cmpi eq, %215, %74 : index
    cf.assert %216, "mismatched size for broadcast"
    %217 = arith.cmpi eq, %113, %66 : index
    cf.assert %217, "mismatched size for broadcast"
    %218 = arith.cmpi eq, %205, %77 : index
    cf.assert %218, "mismatched size for broadcast"
    %219 = tensor.empty(%215, %113, %205) : tensor<?x4x?x?xf32>
    %220 = linalg.generic {indexing_maps = [#map9, #map14, #map9], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%expanded_95, %209 : tensor<?x4x?x?xf32>, tensor<?x1x?x?xf32>) outs(%219 : tensor<?x4x?x?xf32>) {
    ^bb0(%in: f32, %in_160: f32, %out: f32):
      %534 = arith.addf %in, %in_160 : f32
      linalg.yield %534 : f32
    } -> tensor<?x4x?x?xf32>
    %221 = tensor.empty(%215, %113) : tensor<?x4x?xi64>
    %222 = linalg.fill ins(%c0_i64 : i64) outs(%221 : tensor<?x4x?xi64>) -> tensor<?x4x?xi64>
    %223 = tensor.empty(%215, %113) : tensor<?x4x?xf32>
    %224 = linalg.fill ins(%cst_7 : f32) outs(%223 : tensor<?x4x?xf32>) -> tensor<?x4x?xf32>
    %225:2 = linalg.generic {indexing_maps = [#map9, #map15, #map15], iterator_types = ["parallel", "parallel", "parallel", "reduction"]} ins(%220 : tensor<?x4x?x?xf32>) outs(%224, %222 : tensor<?x4x?xf32>, tensor<?x4x?xi64>) {
    ^bb0(%in: f32, %out: f32, %out_160: i64):
      %534 = linalg.index 3 : index
      %535 = arith.index_cast %534 : index to i64
      %536 = arith.maximumf %in, %out : f32
      %537 = arith.cmpf ogt, %in, %out : f32
      %538 = arith.select %537, %535, %out_160 : i64
      linalg.yield %536, %538 : f32, i64
    } -> (tensor<?x4x?xf32>, tensor<?x4x?xi64>)
    %expanded_96 = tensor.expand_shape %225#0 [[0], [1], [2, 3]] output_shape [%215, 4, %113, 1] : tensor<?x4x?xf32> into tensor<?x4x?x1xf32>
    %226 = linalg.generic {indexing_maps = [#map9, #map16, #map9], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%220, %expanded_96 : tensor<?x4x?x?xf32>, tensor<?x4x?x1xf32>) outs(%219 : tensor<?x4x?x?xf32>) {
    ^bb0(%in: f32, %in_160: f32, %out: f32):
      %534 = arith.subf %in, %in_160 : f32
      linalg.yield %534 : f32
    } -> tensor<?x4x?x?xf32>
    %227 = linalg.generic {indexing_maps = [#map9, #map9], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%226 : tensor<?x4x?x?xf32>) outs(%219 : tensor<?x4x?x?xf32>) {
    ^bb0(%in: f32, %out: f32):
      %534 = math.exp %in : f32
      linalg.yield %534 : f32
    } -> tensor<?x4x?x?xf32>
    %228 = tensor.empty(%215, %113) : tensor<?x4x?x1xf32>
    %229 = linalg.fill ins(%cst_8 : f32) outs(%228 : tensor<?x4x?x1xf32>) -> tensor<?x4x?x1xf32>
    %230 = linalg.generic {indexing_maps = [#map9, #map16], iterator_types = ["parallel", "parallel", "parallel", "reduction"]} ins(%227 : tensor<?x4x?x?xf32>) outs(%229 : tensor<?x4x?x1xf32>) {
    ^bb0(%in: f32, %out: f32):
      %534 = arith.addf %in, %out : f32
      linalg.yield %534 : f32
    } -> tensor<?x4x?x1xf32>
    %231 = linalg.generic {indexing_maps = [#map9, #map16, #map9], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%227, %230 : tensor<?x4x?x?xf32>, tensor<?x4x?x1xf32>) outs(%219 : tensor<?x4x?x?xf32>) {
    ^bb0(%in: f32, %in_160: f32, %out: f32):
      %534 = arith.divf %in, %in_160 : f32
      linalg.yield %534 : f32
    } -> tensor<?x4x?x?xf32>
    %232 = tensor.empty(%215, %113, %205) : tensor<?x4x?x?xi1>
    %233 = linalg.generic {indexing_maps = [#map9, #map9, #map9], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%231, %231 : tensor<?x4x?x?xf32>, tensor<?x4x?x?xf32>) outs(%232 : tensor<?x4x?x?xi1>) {
    ^bb0(%in: f32, %in_160: f32, %out: i1):
      %534 = arith.cmpf une, %in, %in_160 : f32
      linalg.yield %534 : i1
    } -> tensor<?x4x?x?xi1>
    %234 = linalg.generic {indexing_maps = [#map9, #map10, #map9, #map9], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%233, %cst_4, %231 : tensor<?x4x?x?xi1>, tensor<f32>, tensor<?x4x?x?xf32>) outs(%219 : tensor<?x4x?x?xf32>) {
    ^bb0(%in: i1, %in_160: f32, %in_161: f32, %out: f32):
      %534 = arith.select %in, %in_160, %in_161 : f32
      linalg.yield %534 : f32
    } -> tensor<?x4x?x?xf32>
    %235 = arith.maxui %215, %112 : index
    %236 = arith.cmpi eq, %202, %109 : i64
    cf.assert %236, "mismatching contracting dimension"
    %collapsed_97 = tensor.collapse_shape %234 [[0, 1], [2], [3]] : tensor<?x4x?x?xf32> into tensor<?x?x?xf32>
    %collapsed_98 = tensor.collapse_shape %transposed_59 [[0, 1], [2], [3]] : tensor<?x4x?x16xf32> into tensor<?x?x16xf32>
    %237 = arith.muli %235, %c4 : index
    %238 = tensor.empty(%237, %113) : tensor<?x?x16xf32>
    %239 = linalg.fill ins(%cst_8 : f32) outs(%238 : tensor<?x?x16xf32>) -> tensor<?x?x16xf32>
    %240 = linalg.batch_matmul ins(%collapsed_97, %collapsed_98 : tensor<?x?x?xf32>, tensor<?x?x16xf32>) outs(%239 : tensor<?x?x16xf32>) -> tensor<?x?x16xf32>
    %241 = arith.divsi %237, %c4 : index
    %expanded_99 = tensor.expand_shape %240 [[0, 1], [2], [3]] output_shape [%241, 4, %113, 16] : tensor<?x?x16xf32> into tensor<?x4x?x16xf32>
    %242 = tensor.empty(%241, %113) : tensor<?x?x4x16xf32>
    %transposed_100 = linalg.transpose ins(%expanded_99 : tensor<?x4x?x16xf32>) outs(%242 : tensor<?x?x4x16xf32>) permutation = [0, 2, 1, 3] 
    %concat_101 = tensor.concat dim(0) %extracted_slice, %extracted_slice_17, %cst_14 : (tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<3xi64>
    %extracted_slice_102 = tensor.extract_slice %concat_101[0] [1] [1] : tensor<3xi64> to tensor<1xi64>
    %extracted_103 = tensor.extract %extracted_slice_102[%c0] : tensor<1xi64>
    %extracted_slice_104 = tensor.extract_slice %concat_101[1] [1] [1] : tensor<3xi64> to tensor<1xi64>
    %extracted_105 = tensor.extract %extracted_slice_104[%c0] : tensor<1xi64>
    %extracted_slice_106 = tensor.extract_slice %concat_101[2] [1] [1] : tensor<3xi64> to tensor<1xi64>
    %extracted_107 = tensor.extract %extracted_slice_106[%c0] : tensor<1xi64>
    %243 = arith.cmpi slt, %extracted_103, %c0_i64 : i64
    %244 = arith.select %243, %c1_i64, %extracted_103 : i64
    %245 = arith.extui %243 : i1 to i64
    %246 = arith.muli %244, %extracted_105 : i64
    %247 = arith.addi %245, %c1_i64 : i64
    %248 = arith.cmpi slt, %extracted_105, %c0_i64 : i64
    %249 = arith.select %248, %244, %246 : i64
    %250 = arith.select %248, %247, %245 : i64
    %251 = arith.muli %249, %extracted_107 : i64
    %252 = arith.addi %250, %c1_i64 : i64
    %253 = arith.cmpi slt, %extracted_107, %c0_i64 : i64
    %254 = arith.select %253, %249, %251 : i64
    %255 = arith.select %253, %252, %250 : i64
    %256 = arith.cmpi sle, %255, %c1_i64 : i64
    cf.assert %256, "must have at most one inferred (negative) dimension"
    %257 = arith.index_cast %241 : index to i64
    %258 = arith.muli %257, %109 : i64
    %259 = arith.muli %258, %c64_i64 : i64
    %260 = arith.divsi %259, %254 : i64
    %261 = arith.select %243, %260, %extracted_103 : i64
    %262 = arith.select %248, %260, %extracted_105 : i64
    %263 = arith.select %253, %260, %extracted_107 : i64
    %from_elements_108 = tensor.from_elements %261, %262, %263 : tensor<3xi64>
    %reshape_109 = tensor.reshape %transposed_100(%from_elements_108) : (tensor<?x?x4x16xf32>, tensor<3xi64>) -> tensor<?x?x64xf32>
    %264 = arith.index_cast %261 : i64 to index
    %265 = arith.index_cast %262 : i64 to index
    %266 = arith.cmpi sge, %261, %c0_i64 : i64
    cf.assert %266, "negative values not allowed in new dimensions"
    %267 = tensor.empty(%264) : tensor<?x64x64xf32>
    %268 = linalg.generic {indexing_maps = [#map12, #map4], iterator_types = ["parallel", "parallel", "parallel"]} ins(%arg9 : tensor<64x64xf32>) outs(%267 : tensor<?x64x64xf32>) {
    ^bb0(%in: f32, %out: f32):
      linalg.yield %in : f32
    } -> tensor<?x64x64xf32>
    %269 = tensor.empty(%264, %265) : tensor<?x?x64xf32>
    %270 = linalg.fill ins(%cst_8 : f32) outs(%269 : tensor<?x?x64xf32>) -> tensor<?x?x64xf32>
    %271 = linalg.batch_matmul ins(%reshape_109, %268 : tensor<?x?x64xf32>, tensor<?x64x64xf32>) outs(%270 : tensor<?x?x64xf32>) -> tensor<?x?x64xf32>
    %272 = linalg.generic {indexing_maps = [#map4, #map7, #map4], iterator_types = ["parallel", "parallel", "parallel"]} ins(%271, %arg4 : tensor<?x?x64xf32>, tensor<64xf32>) outs(%269 : tensor<?x?x64xf32>) {
    ^bb0(%in: f32, %in_160: f32, %out: f32):
      %534 = arith.addf %in, %in_160 : f32
      linalg.yield %534 : f32
    } -> tensor<?x?x64xf32>
    %273 = arith.cmpi eq, %264, %dim : index
    cf.assert %273, "mismatched size for broadcast"
    %274 = arith.cmpi eq, %265, %dim_16 : index
    cf.assert %274, "mismatched size for broadcast"
    %275 = linalg.generic {indexing_maps = [#map4, #map4, #map4], iterator_types = ["parallel", "parallel", "parallel"]} ins(%272, %65 : tensor<?x?x64xf32>, tensor<?x?x64xf32>) outs(%269 : tensor<?x?x64xf32>) {
    ^bb0(%in: f32, %in_160: f32, %out: f32):
      %534 = arith.addf %in, %in_160 : f32
      linalg.yield %534 : f32
    } -> tensor<?x?x64xf32>
    %276 = tensor.empty(%264, %265) : tensor<?x?x1xf32>
    %277 = linalg.fill ins(%cst_8 : f32) outs(%276 : tensor<?x?x1xf32>) -> tensor<?x?x1xf32>
    %278 = linalg.generic {indexing_maps = [#map4, #map6], iterator_types = ["parallel", "parallel", "reduction"]} ins(%275 : tensor<?x?x64xf32>) outs(%277 : tensor<?x?x1xf32>) {
    ^bb0(%in: f32, %out: f32):
      %534 = arith.addf %in, %out : f32
      linalg.yield %534 : f32
    } -> tensor<?x?x1xf32>
    %279 = linalg.generic {indexing_maps = [#map4, #map4], iterator_types = ["parallel", "parallel", "parallel"]} ins(%278 : tensor<?x?x1xf32>) outs(%276 : tensor<?x?x1xf32>) {
    ^bb0(%in: f32, %out: f32):
      %534 = arith.divf %in, %cst_0 : f32
      linalg.yield %534 : f32
    } -> tensor<?x?x1xf32>
    %280 = arith.index_cast %261 : i64 to index
    %281 = arith.cmpi sge, %261, %c0_i64 : i64
    cf.assert %281, "unimplemented: dynamic negative broadcast sizes"
    %282 = arith.index_cast %262 : i64 to index
    %283 = arith.cmpi sge, %262, %c0_i64 : i64
    cf.assert %283, "unimplemented: dynamic negative broadcast sizes"
    %284 = tensor.empty(%280, %282) : tensor<?x?x64xf32>
    %285 = linalg.generic {indexing_maps = [#map4], iterator_types = ["parallel", "parallel", "parallel"]} outs(%284 : tensor<?x?x64xf32>) {
    ^bb0(%out: f32):
      %534 = linalg.index 0 : index
      %535 = linalg.index 1 : index
      %536 = arith.cmpi eq, %264, %c1 : index
      %537 = arith.select %536, %c0, %534 : index
      %538 = arith.cmpi eq, %265, %c1 : index
      %539 = arith.select %538, %c0, %535 : index
      %extracted_160 = tensor.extract %279[%537, %539, %c0] : tensor<?x?x1xf32>
      linalg.yield %extracted_160 : f32
    } -> tensor<?x?x64xf32>
    %286 = arith.cmpi eq, %264, %280 : index
    cf.assert %286, "mismatched size for broadcast"
    %287 = arith.cmpi eq, %265, %282 : index
    cf.assert %287, "mismatched size for broadcast"
    %288 = linalg.generic {indexing_maps = [#map4, #map4, #map4], iterator_types = ["parallel", "parallel", "parallel"]} ins(%275, %285 : tensor<?x?x64xf32>, tensor<?x?x64xf32>) outs(%269 : tensor<?x?x64xf32>) {
    ^bb0(%in: f32, %in_160: f32, %out: f32):
      %534 = arith.subf %in, %in_160 : f32
      linalg.yield %534 : f32
    } -> tensor<?x?x64xf32>
    %289 = linalg.generic {indexing_maps = [#map4, #map4, #map4], iterator_types = ["parallel", "parallel", "parallel"]} ins(%288, %288 : tensor<?x?x64xf32>, tensor<?x?x64xf32>) outs(%269 : tensor<?x?x64xf32>) {
    ^bb0(%in: f32, %in_160: f32, %out: f32):
      %534 = arith.mulf %in, %in_160 : f32
      linalg.yield %534 : f32
    } -> tensor<?x?x64xf32>
    %290 = linalg.generic {indexing_maps = [#map4, #map6], iterator_types = ["parallel", "parallel", "reduction"]} ins(%289 : tensor<?x?x64xf32>) outs(%277 : tensor<?x?x1xf32>) {
    ^bb0(%in: f32, %out: f32):
      %534 = arith.addf %in, %out : f32
      linalg.yield %534 : f32
    } -> tensor<?x?x1xf32>
    %291 = linalg.generic {indexing_maps = [#map4, #map4], iterator_types = ["parallel", "parallel", "parallel"]} ins(%290 : tensor<?x?x1xf32>) outs(%276 : tensor<?x?x1xf32>) {
    ^bb0(%in: f32, %out: f32):
      %534 = arith.divf %in, %cst_0 : f32
      linalg.yield %534 : f32
    } -> tensor<?x?x1xf32>
    %292 = linalg.generic {indexing_maps = [#map4, #map4], iterator_types = ["parallel", "parallel", "parallel"]} ins(%291 : tensor<?x?x1xf32>) outs(%276 : tensor<?x?x1xf32>) {
    ^bb0(%in: f32, %out: f32):
      %534 = arith.addf %in, %cst : f32
      linalg.yield %534 : f32
    } -> tensor<?x?x1xf32>
    %293 = linalg.generic {indexing_maps = [#map4, #map4], iterator_types = ["parallel", "parallel", "parallel"]} ins(%292 : tensor<?x?x1xf32>) outs(%276 : tensor<?x?x1xf32>) {
    ^bb0(%in: f32, %out: f32):
      %534 = math.rsqrt %in : f32
      linalg.yield %534 : f32
    } -> tensor<?x?x1xf32>
    cf.assert %281, "unimplemented: dynamic negative broadcast sizes"
    cf.assert %283, "unimplemented: dynamic negative broadcast sizes"
    %294 = linalg.generic {indexing_maps = [#map4], iterator_types = ["parallel", "parallel", "parallel"]} outs(%284 : tensor<?x?x64xf32>) {
    ^bb0(%out: f32):
      %534 = linalg.index 0 : index
      %535 = linalg.index 1 : index
      %536 = arith.cmpi eq, %264, %c1 : index
      %537 = arith.select %536, %c0, %534 : index
      %538 = arith.cmpi eq, %265, %c1 : index
      %539 = arith.select %538, %c0, %535 : index
      %extracted_160 = tensor.extract %293[%537, %539, %c0] : tensor<?x?x1xf32>
      linalg.yield %extracted_160 : f32
    } -> tensor<?x?x64xf32>
    cf.assert %286, "mismatched size for broadcast"
    cf.assert %287, "mismatched size for broadcast"
    %295 = linalg.generic {indexing_maps = [#map4, #map4, #map4], iterator_types = ["parallel", "parallel", "parallel"]} ins(%288, %294 : tensor<?x?x64xf32>, tensor<?x?x64xf32>) outs(%269 : tensor<?x?x64xf32>) {
    ^bb0(%in: f32, %in_160: f32, %out: f32):
      %534 = arith.mulf %in, %in_160 : f32
      linalg.yield %534 : f32
    } -> tensor<?x?x64xf32>
    %296 = linalg.generic {indexing_maps = [#map4, #map7, #map4], iterator_types = ["parallel", "parallel", "parallel"]} ins(%295, %arg3 : tensor<?x?x64xf32>, tensor<64xf32>) outs(%269 : tensor<?x?x64xf32>) {
    ^bb0(%in: f32, %in_160: f32, %out: f32):
      %534 = arith.mulf %in, %in_160 : f32
      linalg.yield %534 : f32
    } -> tensor<?x?x64xf32>
    %297 = linalg.generic {indexing_maps = [#map4, #map7, #map4], iterator_types = ["parallel", "parallel", "parallel"]} ins(%296, %arg4 : tensor<?x?x64xf32>, tensor<64xf32>) outs(%269 : tensor<?x?x64xf32>) {
    ^bb0(%in: f32, %in_160: f32, %out: f32):
      %534 = arith.addf %in, %in_160 : f32
      linalg.yield %534 : f32
    } -> tensor<?x?x64xf32>
    cf.assert %266, "negative values not allowed in new dimensions"
    %298 = tensor.empty(%264) : tensor<?x64x128xf32>
    %299 = linalg.generic {indexing_maps = [#map12, #map4], iterator_types = ["parallel", "parallel", "parallel"]} ins(%arg10 : tensor<64x128xf32>) outs(%298 : tensor<?x64x128xf32>) {
    ^bb0(%in: f32, %out: f32):
      linalg.yield %in : f32
    } -> tensor<?x64x128xf32>
    %300 = tensor.empty(%264, %265) : tensor<?x?x128xf32>
    %301 = linalg.fill ins(%cst_8 : f32) outs(%300 : tensor<?x?x128xf32>) -> tensor<?x?x128xf32>
    %302 = linalg.batch_matmul ins(%297, %299 : tensor<?x?x64xf32>, tensor<?x64x128xf32>) outs(%301 : tensor<?x?x128xf32>) -> tensor<?x?x128xf32>
    %303 = linalg.generic {indexing_maps = [#map4, #map7, #map4], iterator_types = ["parallel", "parallel", "parallel"]} ins(%302, %arg5 : tensor<?x?x128xf32>, tensor<128xf32>) outs(%300 : tensor<?x?x128xf32>) {
    ^bb0(%in: f32, %in_160: f32, %out: f32):
      %534 = arith.addf %in, %in_160 : f32
      linalg.yield %534 : f32
    } -> tensor<?x?x128xf32>
    %304 = linalg.generic {indexing_maps = [#map4, #map17, #map4], iterator_types = ["parallel", "parallel", "parallel"]} ins(%303, %cst_2 : tensor<?x?x128xf32>, tensor<f32>) outs(%300 : tensor<?x?x128xf32>) {
    ^bb0(%in: f32, %in_160: f32, %out: f32):
      %534 = arith.divf %in, %in_160 : f32
      linalg.yield %534 : f32
    } -> tensor<?x?x128xf32>
    %305 = linalg.generic {indexing_maps = [#map4, #map4], iterator_types = ["parallel", "parallel", "parallel"]} ins(%304 : tensor<?x?x128xf32>) outs(%300 : tensor<?x?x128xf32>) {
    ^bb0(%in: f32, %out: f32):
      %534 = math.erf %in : f32
      linalg.yield %534 : f32
    } -> tensor<?x?x128xf32>
    %306 = linalg.generic {indexing_maps = [#map4, #map17, #map4], iterator_types = ["parallel", "parallel", "parallel"]} ins(%305, %cst_1 : tensor<?x?x128xf32>, tensor<f32>) outs(%300 : tensor<?x?x128xf32>) {
    ^bb0(%in: f32, %in_160: f32, %out: f32):
      %534 = arith.addf %in, %in_160 : f32
      linalg.yield %534 : f32
    } -> tensor<?x?x128xf32>
    %307 = linalg.generic {indexing_maps = [#map17, #map4, #map4], iterator_types = ["parallel", "parallel", "parallel"]} ins(%cst_5, %306 : tensor<f32>, tensor<?x?x128xf32>) outs(%300 : tensor<?x?x128xf32>) {
    ^bb0(%in: f32, %in_160: f32, %out: f32):
      %534 = arith.mulf %in, %in_160 : f32
      linalg.yield %534 : f32
    } -> tensor<?x?x128xf32>
    %308 = linalg.generic {indexing_maps = [#map4, #map4, #map4], iterator_types = ["parallel", "parallel", "parallel"]} ins(%303, %307 : tensor<?x?x128xf32>, tensor<?x?x128xf32>) outs(%300 : tensor<?x?x128xf32>) {
    ^bb0(%in: f32, %in_160: f32, %out: f32):
      %534 = arith.mulf %in, %in_160 : f32
      linalg.yield %534 : f32
    } -> tensor<?x?x128xf32>
    cf.assert %266, "negative values not allowed in new dimensions"
    %309 = tensor.empty(%264) : tensor<?x128x64xf32>
    %310 = linalg.generic {indexing_maps = [#map12, #map4], iterator_types = ["parallel", "parallel", "parallel"]} ins(%arg11 : tensor<128x64xf32>) outs(%309 : tensor<?x128x64xf32>) {
    ^bb0(%in: f32, %out: f32):
      linalg.yield %in : f32
    } -> tensor<?x128x64xf32>
    %311 = linalg.batch_matmul ins(%308, %310 : tensor<?x?x128xf32>, tensor<?x128x64xf32>) outs(%270 : tensor<?x?x64xf32>) -> tensor<?x?x64xf32>
    %312 = linalg.generic {indexing_maps = [#map4, #map7, #map4], iterator_types = ["parallel", "parallel", "parallel"]} ins(%311, %arg4 : tensor<?x?x64xf32>, tensor<64xf32>) outs(%269 : tensor<?x?x64xf32>) {
    ^bb0(%in: f32, %in_160: f32, %out: f32):
      %534 = arith.addf %in, %in_160 : f32
      linalg.yield %534 : f32
    } -> tensor<?x?x64xf32>
    %313 = linalg.generic {indexing_maps = [#map4, #map4, #map4], iterator_types = ["parallel", "parallel", "parallel"]} ins(%312, %297 : tensor<?x?x64xf32>, tensor<?x?x64xf32>) outs(%269 : tensor<?x?x64xf32>) {
    ^bb0(%in: f32, %in_160: f32, %out: f32):
      %534 = arith.addf %in, %in_160 : f32
      linalg.yield %534 : f32
    } -> tensor<?x?x64xf32>
    %314 = linalg.generic {indexing_maps = [#map4, #map6], iterator_types = ["parallel", "parallel", "reduction"]} ins(%313 : tensor<?x?x64xf32>) outs(%277 : tensor<?x?x1xf32>) {
    ^bb0(%in: f32, %out: f32):
      %534 = arith.addf %in, %out : f32
      linalg.yield %534 : f32
    } -> tensor<?x?x1xf32>
    %315 = linalg.generic {indexing_maps = [#map4, #map4], iterator_types = ["parallel", "parallel", "parallel"]} ins(%314 : tensor<?x?x1xf32>) outs(%276 : tensor<?x?x1xf32>) {
    ^bb0(%in: f32, %out: f32):
      %534 = arith.divf %in, %cst_0 : f32
      linalg.yield %534 : f32
    } -> tensor<?x?x1xf32>
    cf.assert %281, "unimplemented: dynamic negative broadcast sizes"
    cf.assert %283, "unimplemented: dynamic negative broadcast sizes"
    %316 = linalg.generic {indexing_maps = [#map4], iterator_types = ["parallel", "parallel", "parallel"]} outs(%284 : tensor<?x?x64xf32>) {
    ^bb0(%out: f32):
      %534 = linalg.index 0 : index
      %535 = linalg.index 1 : index
      %536 = arith.cmpi eq, %264, %c1 : index
      %537 = arith.select %536, %c0, %534 : index
      %538 = arith.cmpi eq, %265, %c1 : index
      %539 = arith.select %538, %c0, %535 : index
      %extracted_160 = tensor.extract %315[%537, %539, %c0] : tensor<?x?x1xf32>
      linalg.yield %extracted_160 : f32
    } -> tensor<?x?x64xf32>
    cf.assert %286, "mismatched size for broadcast"
    cf.assert %287, "mismatched size for broadcast"
    %317 = linalg.generic {indexing_maps = [#map4, #map4, #map4], iterator_types = ["parallel", "parallel", "parallel"]} ins(%313, %316 : tensor<?x?x64xf32>, tensor<?x?x64xf32>) outs(%269 : tensor<?x?x64xf32>) {
    ^bb0(%in: f32, %in_160: f32, %out: f32):
      %534 = arith.subf %in, %in_160 : f32
      linalg.yield %534 : f32
    } -> tensor<?x?x64xf32>
    %318 = linalg.generic {indexing_maps = [#map4, #map4, #map4], iterator_types = ["parallel", "parallel", "parallel"]} ins(%317, %317 : tensor<?x?x64xf32>, tensor<?x?x64xf32>) outs(%269 : tensor<?x?x64xf32>) {
    ^bb0(%in: f32, %in_160: f32, %out: f32):
      %534 = arith.mulf %in, %in_160 : f32
      linalg.yield %534 : f32
    } -> tensor<?x?x64xf32>
    %319 = linalg.generic {indexing_maps = [#map4, #map6], iterator_types = ["parallel", "parallel", "reduction"]} ins(%318 : tensor<?x?x64xf32>) outs(%277 : tensor<?x?x1xf32>) {
    ^bb0(%in: f32, %out: f32):
      %534 = arith.addf %in, %out : f32
      linalg.yield %534 : f32
    } -> tensor<?x?x1xf32>
    %320 = linalg.generic {indexing_maps = [#map4, #map4], iterator_types = ["parallel", "parallel", "parallel"]} ins(%319 : tensor<?x?x1xf32>) outs(%276 : tensor<?x?x1xf32>) {
    ^bb0(%in: f32, %out: f32):
      %534 = arith.divf %in, %cst_0 : f32
      linalg.yield %534 : f32
    } -> tensor<?x?x1xf32>
    %321 = linalg.generic {indexing_maps = [#map4, #map4], iterator_types = ["parallel", "parallel", "parallel"]} ins(%320 : tensor<?x?x1xf32>) outs(%276 : tensor<?x?x1xf32>) {
    ^bb0(%in: f32, %out: f32):
      %534 = arith.addf %in, %cst : f32
      linalg.yield %534 : f32
    } -> tensor<?x?x1xf32>
    %322 = linalg.generic {indexing_maps = [#map4, #map4], iterator_types = ["parallel", "parallel", "parallel"]} ins(%321 : tensor<?x?x1xf32>) outs(%276 : tensor<?x?x1xf32>) {
    ^bb0(%in: f32, %out: f32):
      %534 = math.rsqrt %in : f32
      linalg.yield %534 : f32
    } -> tensor<?x?x1xf32>
    cf.assert %281, "unimplemented: dynamic negative broadcast sizes"
    cf.assert %283, "unimplemented: dynamic negative broadcast sizes"
    %323 = linalg.generic {indexing_maps = [#map4], iterator_types = ["parallel", "parallel", "parallel"]} outs(%284 : tensor<?x?x64xf32>) {
    ^bb0(%out: f32):
      %534 = linalg.index 0 : index
      %535 = linalg.index 1 : index
      %536 = arith.cmpi eq, %264, %c1 : index
      %537 = arith.select %536, %c0, %534 : index
      %538 = arith.cmpi eq, %265, %c1 : index
      %539 = arith.select %538, %c0, %535 : index
      %extracted_160 = tensor.extract %322[%537, %539, %c0] : tensor<?x?x1xf32>
      linalg.yield %extracted_160 : f32
    } -> tensor<?x?x64xf32>
    cf.assert %286, "mismatched size for broadcast"
    cf.assert %287, "mismatched size for broadcast"
    %324 = linalg.generic {indexing_maps = [#map4, #map4, #map4], iterator_types = ["parallel", "parallel", "parallel"]} ins(%317, %323 : tensor<?x?x64xf32>, tensor<?x?x64xf32>) outs(%269 : tensor<?x?x64xf32>) {
    ^bb0(%in: f32, %in_160: f32, %out: f32):
      %534 = arith.mulf %in, %in_160 : f32
      linalg.yield %534 : f32
    } -> tensor<?x?x64xf32>
    %325 = linalg.generic {indexing_maps = [#map4, #map7, #map4], iterator_types = ["parallel", "parallel", "parallel"]} ins(%324, %arg3 : tensor<?x?x64xf32>, tensor<64xf32>) outs(%269 : tensor<?x?x64xf32>) {
    ^bb0(%in: f32, %in_160: f32, %out: f32):
      %534 = arith.mulf %in, %in_160 : f32
      linalg.yield %534 : f32
    } -> tensor<?x?x64xf32>
    %326 = linalg.generic {indexing_maps = [#map4, #map7, #map4], iterator_types = ["parallel", "parallel", "parallel"]} ins(%325, %arg4 : tensor<?x?x64xf32>, tensor<64xf32>) outs(%269 : tensor<?x?x64xf32>) {
    ^bb0(%in: f32, %in_160: f32, %out: f32):
      %534 = arith.addf %in, %in_160 : f32
      linalg.yield %534 : f32
    } -> tensor<?x?x64xf32>
    cf.assert %266, "negative values not allowed in new dimensions"
    %327 = linalg.generic {indexing_maps = [#map12, #map4], iterator_types = ["parallel", "parallel", "parallel"]} ins(%arg12 : tensor<64x64xf32>) outs(%267 : tensor<?x64x64xf32>) {
    ^bb0(%in: f32, %out: f32):
      linalg.yield %in : f32
    } -> tensor<?x64x64xf32>
    %328 = linalg.batch_matmul ins(%326, %327 : tensor<?x?x64xf32>, tensor<?x64x64xf32>) outs(%270 : tensor<?x?x64xf32>) -> tensor<?x?x64xf32>
    %329 = linalg.generic {indexing_maps = [#map4, #map7, #map4], iterator_types = ["parallel", "parallel", "parallel"]} ins(%328, %arg4 : tensor<?x?x64xf32>, tensor<64xf32>) outs(%269 : tensor<?x?x64xf32>) {
    ^bb0(%in: f32, %in_160: f32, %out: f32):
      %534 = arith.addf %in, %in_160 : f32
      linalg.yield %534 : f32
    } -> tensor<?x?x64xf32>
    cf.assert %104, "must have at most one inferred (negative) dimension"
    %330 = arith.muli %261, %262 : i64
    %331 = arith.muli %330, %c64_i64 : i64
    %332 = arith.divsi %331, %102 : i64
    %333 = arith.select %86, %332, %extracted_47 : i64
    %334 = arith.select %91, %332, %extracted_49 : i64
    %335 = arith.select %96, %332, %extracted_51 : i64
    %336 = arith.select %101, %332, %extracted_53 : i64
    %from_elements_110 = tensor.from_elements %333, %334, %335, %336 : tensor<4xi64>
    %reshape_111 = tensor.reshape %329(%from_elements_110) : (tensor<?x?x64xf32>, tensor<4xi64>) -> tensor<?x?x4x16xf32>
    %337 = arith.index_cast %333 : i64 to index
    %338 = arith.index_cast %334 : i64 to index
    %339 = tensor.empty(%337, %338) : tensor<?x4x?x16xf32>
    %transposed_112 = linalg.transpose ins(%reshape_111 : tensor<?x?x4x16xf32>) outs(%339 : tensor<?x4x?x16xf32>) permutation = [0, 2, 1, 3] 
    cf.assert %266, "negative values not allowed in new dimensions"
    %340 = linalg.generic {indexing_maps = [#map12, #map4], iterator_types = ["parallel", "parallel", "parallel"]} ins(%arg13 : tensor<64x64xf32>) outs(%267 : tensor<?x64x64xf32>) {
    ^bb0(%in: f32, %out: f32):
      linalg.yield %in : f32
    } -> tensor<?x64x64xf32>
    %341 = linalg.batch_matmul ins(%326, %340 : tensor<?x?x64xf32>, tensor<?x64x64xf32>) outs(%270 : tensor<?x?x64xf32>) -> tensor<?x?x64xf32>
    %342 = linalg.generic {indexing_maps = [#map4, #map7, #map4], iterator_types = ["parallel", "parallel", "parallel"]} ins(%341, %arg4 : tensor<?x?x64xf32>, tensor<64xf32>) outs(%269 : tensor<?x?x64xf32>) {
    ^bb0(%in: f32, %in_160: f32, %out: f32):
      %534 = arith.addf %in, %in_160 : f32
      linalg.yield %534 : f32
    } -> tensor<?x?x64xf32>
    cf.assert %104, "must have at most one inferred (negative) dimension"
    %reshape_113 = tensor.reshape %342(%from_elements_110) : (tensor<?x?x64xf32>, tensor<4xi64>) -> tensor<?x?x4x16xf32>
    %transposed_114 = linalg.transpose ins(%reshape_113 : tensor<?x?x4x16xf32>) outs(%339 : tensor<?x4x?x16xf32>) permutation = [0, 2, 1, 3] 
    cf.assert %266, "negative values not allowed in new dimensions"
    %343 = linalg.generic {indexing_maps = [#map12, #map4], iterator_types = ["parallel", "parallel", "parallel"]} ins(%arg14 : tensor<64x64xf32>) outs(%267 : tensor<?x64x64xf32>) {
    ^bb0(%in: f32, %out: f32):
      linalg.yield %in : f32
    } -> tensor<?x64x64xf32>
    %344 = linalg.batch_matmul ins(%326, %343 : tensor<?x?x64xf32>, tensor<?x64x64xf32>) outs(%270 : tensor<?x?x64xf32>) -> tensor<?x?x64xf32>
    %345 = linalg.generic {indexing_maps = [#map4, #map7, #map4], iterator_types = ["parallel", "parallel", "parallel"]} ins(%344, %arg4 : tensor<?x?x64xf32>, tensor<64xf32>) outs(%269 : tensor<?x?x64xf32>) {
    ^bb0(%in: f32, %in_160: f32, %out: f32):
      %534 = arith.addf %in, %in_160 : f32
      linalg.yield %534 : f32
    } -> tensor<?x?x64xf32>
    cf.assert %104, "must have at most one inferred (negative) dimension"
    %reshape_115 = tensor.reshape %345(%from_elements_110) : (tensor<?x?x64xf32>, tensor<4xi64>) -> tensor<?x?x4x16xf32>
    %transposed_116 = linalg.transpose ins(%reshape_115 : tensor<?x?x4x16xf32>) outs(%339 : tensor<?x4x?x16xf32>) permutation = [0, 2, 1, 3] 
    %dim_117 = tensor.dim %transposed_114, %c0 : tensor<?x4x?x16xf32>
    %346 = arith.index_cast %dim_117 : index to i64
    %dim_118 = tensor.dim %transposed_114, %c2 : tensor<?x4x?x16xf32>
    %347 = arith.index_cast %dim_118 : index to i64
    %from_elements_119 = tensor.from_elements %346, %c4_i64, %347, %c16_i64 : tensor<4xi64>
    %extracted_slice_120 = tensor.extract_slice %from_elements_119[3] [1] [1] : tensor<4xi64> to tensor<1xi64>
    %extracted_slice_121 = tensor.extract_slice %from_elements_119[2] [1] [1] : tensor<4xi64> to tensor<1xi64>
    %extracted_slice_122 = tensor.extract_slice %from_elements_119[0] [2] [1] : tensor<4xi64> to tensor<2xi64>
    %concat_123 = tensor.concat dim(0) %cst_14, %extracted_slice_121, %extracted_slice_120 : (tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<3xi64>
    %extracted_slice_124 = tensor.extract_slice %concat_123[0] [1] [1] : tensor<3xi64> to tensor<1xi64>
    %extracted_125 = tensor.extract %extracted_slice_124[%c0] : tensor<1xi64>
    %348 = arith.cmpi eq, %extracted_125, %c0_i64 : i64
    %349 = linalg.fill ins(%348 : i1) outs(%124 : tensor<i1>) -> tensor<i1>
    %350 = linalg.fill ins(%333 : i64) outs(%126 : tensor<i64>) -> tensor<i64>
    %351 = linalg.fill ins(%extracted_125 : i64) outs(%126 : tensor<i64>) -> tensor<i64>
    %352 = linalg.generic {indexing_maps = [#map13, #map13, #map13, #map13], iterator_types = []} ins(%349, %350, %351 : tensor<i1>, tensor<i64>, tensor<i64>) outs(%126 : tensor<i64>) {
    ^bb0(%in: i1, %in_160: i64, %in_161: i64, %out: i64):
      %534 = arith.select %in, %in_160, %in_161 : i64
      linalg.yield %534 : i64
    } -> tensor<i64>
    %extracted_126 = tensor.extract %352[] : tensor<i64>
    %extracted_slice_127 = tensor.extract_slice %concat_123[1] [1] [1] : tensor<3xi64> to tensor<1xi64>
    %extracted_128 = tensor.extract %extracted_slice_127[%c0] : tensor<1xi64>
    %353 = arith.cmpi eq, %extracted_128, %c0_i64 : i64
    %354 = linalg.fill ins(%353 : i1) outs(%124 : tensor<i1>) -> tensor<i1>
    %355 = linalg.fill ins(%extracted_128 : i64) outs(%126 : tensor<i64>) -> tensor<i64>
    %356 = linalg.generic {indexing_maps = [#map13, #map13, #map13, #map13], iterator_types = []} ins(%354, %cst_10, %355 : tensor<i1>, tensor<i64>, tensor<i64>) outs(%126 : tensor<i64>) {
    ^bb0(%in: i1, %in_160: i64, %in_161: i64, %out: i64):
      %534 = arith.select %in, %in_160, %in_161 : i64
      linalg.yield %534 : i64
    } -> tensor<i64>
    %extracted_129 = tensor.extract %356[] : tensor<i64>
    %extracted_slice_130 = tensor.extract_slice %concat_123[2] [1] [1] : tensor<3xi64> to tensor<1xi64>
    %extracted_131 = tensor.extract %extracted_slice_130[%c0] : tensor<1xi64>
    %357 = arith.cmpi eq, %extracted_131, %c0_i64 : i64
    %358 = linalg.fill ins(%357 : i1) outs(%124 : tensor<i1>) -> tensor<i1>
    %359 = linalg.fill ins(%334 : i64) outs(%126 : tensor<i64>) -> tensor<i64>
    %360 = linalg.fill ins(%extracted_131 : i64) outs(%126 : tensor<i64>) -> tensor<i64>
    %361 = linalg.generic {indexing_maps = [#map13, #map13, #map13, #map13], iterator_types = []} ins(%358, %359, %360 : tensor<i1>, tensor<i64>, tensor<i64>) outs(%126 : tensor<i64>) {
    ^bb0(%in: i1, %in_160: i64, %in_161: i64, %out: i64):
      %534 = arith.select %in, %in_160, %in_161 : i64
      linalg.yield %534 : i64
    } -> tensor<i64>
    %extracted_132 = tensor.extract %361[] : tensor<i64>
    %362 = arith.cmpi slt, %extracted_126, %c0_i64 : i64
    %363 = arith.select %362, %c1_i64, %extracted_126 : i64
    %364 = arith.extui %362 : i1 to i64
    %365 = arith.muli %363, %extracted_129 : i64
    %366 = arith.addi %364, %c1_i64 : i64
    %367 = arith.cmpi slt, %extracted_129, %c0_i64 : i64
    %368 = arith.select %367, %363, %365 : i64
    %369 = arith.select %367, %366, %364 : i64
    %370 = arith.muli %368, %extracted_132 : i64
    %371 = arith.addi %369, %c1_i64 : i64
    %372 = arith.cmpi slt, %extracted_132, %c0_i64 : i64
    %373 = arith.select %372, %368, %370 : i64
    %374 = arith.select %372, %371, %369 : i64
    %375 = arith.cmpi sle, %374, %c1_i64 : i64
    cf.assert %375, "must have at most one inferred (negative) dimension"
    %376 = arith.muli %333, %c4_i64 : i64
    %377 = arith.muli %376, %334 : i64
    %378 = arith.muli %377, %c16_i64 : i64
    %379 = arith.divsi %378, %373 : i64
    %380 = arith.select %362, %379, %extracted_126 : i64
    %381 = arith.select %367, %379, %extracted_129 : i64
    %382 = arith.select %372, %379, %extracted_132 : i64
    %from_elements_133 = tensor.from_elements %380, %381, %382 : tensor<3xi64>
    %reshape_134 = tensor.reshape %transposed_114(%from_elements_133) : (tensor<?x4x?x16xf32>, tensor<3xi64>) -> tensor<?x?x16xf32>
    %383 = arith.index_cast %380 : i64 to index
    %384 = arith.index_cast %381 : i64 to index
    %385 = tensor.empty(%383, %384) : tensor<?x16x?xf32>
    %transposed_135 = linalg.transpose ins(%reshape_134 : tensor<?x?x16xf32>) outs(%385 : tensor<?x16x?xf32>) permutation = [0, 2, 1] 
    %concat_136 = tensor.concat dim(0) %extracted_slice_122, %extracted_slice_120, %extracted_slice_121 : (tensor<2xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<4xi64>
    %extracted_slice_137 = tensor.extract_slice %concat_136[0] [1] [1] : tensor<4xi64> to tensor<1xi64>
    %extracted_138 = tensor.extract %extracted_slice_137[%c0] : tensor<1xi64>
    %386 = arith.cmpi eq, %extracted_138, %c0_i64 : i64
    %387 = linalg.fill ins(%386 : i1) outs(%124 : tensor<i1>) -> tensor<i1>
    %388 = linalg.fill ins(%380 : i64) outs(%126 : tensor<i64>) -> tensor<i64>
    %389 = linalg.fill ins(%extracted_138 : i64) outs(%126 : tensor<i64>) -> tensor<i64>
    %390 = linalg.generic {indexing_maps = [#map13, #map13, #map13, #map13], iterator_types = []} ins(%387, %388, %389 : tensor<i1>, tensor<i64>, tensor<i64>) outs(%126 : tensor<i64>) {
    ^bb0(%in: i1, %in_160: i64, %in_161: i64, %out: i64):
      %534 = arith.select %in, %in_160, %in_161 : i64
      linalg.yield %534 : i64
    } -> tensor<i64>
    %extracted_139 = tensor.extract %390[] : tensor<i64>
    %extracted_slice_140 = tensor.extract_slice %concat_136[1] [1] [1] : tensor<4xi64> to tensor<1xi64>
    %extracted_141 = tensor.extract %extracted_slice_140[%c0] : tensor<1xi64>
    %391 = arith.cmpi eq, %extracted_141, %c0_i64 : i64
    %392 = linalg.fill ins(%391 : i1) outs(%124 : tensor<i1>) -> tensor<i1>
    %393 = linalg.fill ins(%extracted_141 : i64) outs(%126 : tensor<i64>) -> tensor<i64>
    %394 = linalg.generic {indexing_maps = [#map13, #map13, #map13, #map13], iterator_types = []} ins(%392, %cst_9, %393 : tensor<i1>, tensor<i64>, tensor<i64>) outs(%126 : tensor<i64>) {
    ^bb0(%in: i1, %in_160: i64, %in_161: i64, %out: i64):
      %534 = arith.select %in, %in_160, %in_161 : i64
      linalg.yield %534 : i64
    } -> tensor<i64>
    %extracted_142 = tensor.extract %394[] : tensor<i64>
    %extracted_slice_143 = tensor.extract_slice %concat_136[2] [1] [1] : tensor<4xi64> to tensor<1xi64>
    %extracted_144 = tensor.extract %extracted_slice_143[%c0] : tensor<1xi64>
    %395 = arith.cmpi eq, %extracted_144, %c0_i64 : i64
    %396 = linalg.fill ins(%395 : i1) outs(%124 : tensor<i1>) -> tensor<i1>
    %397 = linalg.fill ins(%381 : i64) outs(%126 : tensor<i64>) -> tensor<i64>
    %398 = linalg.fill ins(%extracted_144 : i64) outs(%126 : tensor<i64>) -> tensor<i64>
    %399 = linalg.generic {indexing_maps = [#map13, #map13, #map13, #map13], iterator_types = []} ins(%396, %397, %398 : tensor<i1>, tensor<i64>, tensor<i64>) outs(%126 : tensor<i64>) {
    ^bb0(%in: i1, %in_160: i64, %in_161: i64, %out: i64):
      %534 = arith.select %in, %in_160, %in_161 : i64
      linalg.yield %534 : i64
    } -> tensor<i64>
    %extracted_145 = tensor.extract %399[] : tensor<i64>
    %extracted_slice_146 = tensor.extract_slice %concat_136[3] [1] [1] : tensor<4xi64> to tensor<1xi64>
    %extracted_147 = tensor.extract %extracted_slice_146[%c0] : tensor<1xi64>
    %400 = arith.cmpi slt, %extracted_139, %c0_i64 : i64
    %401 = arith.select %400, %c1_i64, %extracted_139 : i64
    %402 = arith.extui %400 : i1 to i64
    %403 = arith.muli %401, %extracted_142 : i64
    %404 = arith.addi %402, %c1_i64 : i64
    %405 = arith.cmpi slt, %extracted_142, %c0_i64 : i64
    %406 = arith.select %405, %401, %403 : i64
    %407 = arith.select %405, %404, %402 : i64
    %408 = arith.muli %406, %extracted_145 : i64
    %409 = arith.addi %407, %c1_i64 : i64
    %410 = arith.cmpi slt, %extracted_145, %c0_i64 : i64
    %411 = arith.select %410, %406, %408 : i64
    %412 = arith.select %410, %409, %407 : i64
    %413 = arith.muli %411, %extracted_147 : i64
    %414 = arith.addi %412, %c1_i64 : i64
    %415 = arith.cmpi slt, %extracted_147, %c0_i64 : i64
    %416 = arith.select %415, %411, %413 : i64
    %417 = arith.select %415, %414, %412 : i64
    %418 = arith.cmpi sle, %417, %c1_i64 : i64
    cf.assert %418, "must have at most one inferred (negative) dimension"
    %419 = arith.muli %380, %c16_i64 : i64
    %420 = arith.muli %419, %381 : i64
    %421 = arith.divsi %420, %416 : i64
    %422 = arith.select %400, %421, %extracted_139 : i64
    %423 = arith.select %405, %421, %extracted_142 : i64
    %424 = arith.select %410, %421, %extracted_145 : i64
    %425 = arith.select %415, %421, %extracted_147 : i64
    %from_elements_148 = tensor.from_elements %422, %423, %424, %425 : tensor<4xi64>
    %reshape_149 = tensor.reshape %transposed_135(%from_elements_148) : (tensor<?x16x?xf32>, tensor<4xi64>) -> tensor<?x4x16x?xf32>
    %426 = linalg.generic {indexing_maps = [#map9, #map10, #map9], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%transposed_112, %cst_5 : tensor<?x4x?x16xf32>, tensor<f32>) outs(%339 : tensor<?x4x?x16xf32>) {
    ^bb0(%in: f32, %in_160: f32, %out: f32):
      %534 = arith.mulf %in, %in_160 : f32
      linalg.yield %534 : f32
    } -> tensor<?x4x?x16xf32>
    %427 = arith.index_cast %422 : i64 to index
    %428 = arith.index_cast %425 : i64 to index
    %429 = tensor.empty(%427, %428) : tensor<?x4x16x?xf32>
    %430 = linalg.generic {indexing_maps = [#map9, #map10, #map9], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%reshape_149, %cst_5 : tensor<?x4x16x?xf32>, tensor<f32>) outs(%429 : tensor<?x4x16x?xf32>) {
    ^bb0(%in: f32, %in_160: f32, %out: f32):
      %534 = arith.mulf %in, %in_160 : f32
      linalg.yield %534 : f32
    } -> tensor<?x4x16x?xf32>
    %431 = arith.maxui %337, %427 : index
    %collapsed_150 = tensor.collapse_shape %426 [[0, 1], [2], [3]] : tensor<?x4x?x16xf32> into tensor<?x?x16xf32>
    %collapsed_151 = tensor.collapse_shape %430 [[0, 1], [2], [3]] : tensor<?x4x16x?xf32> into tensor<?x16x?xf32>
    %432 = arith.muli %431, %c4 : index
    %433 = tensor.empty(%432, %338, %428) : tensor<?x?x?xf32>
    %434 = linalg.fill ins(%cst_8 : f32) outs(%433 : tensor<?x?x?xf32>) -> tensor<?x?x?xf32>
    %435 = linalg.batch_matmul ins(%collapsed_150, %collapsed_151 : tensor<?x?x16xf32>, tensor<?x16x?xf32>) outs(%434 : tensor<?x?x?xf32>) -> tensor<?x?x?xf32>
    %436 = arith.divsi %432, %c4 : index
    %expanded_152 = tensor.expand_shape %435 [[0, 1], [2], [3]] output_shape [%436, 4, %338, %428] : tensor<?x?x?xf32> into tensor<?x4x?x?xf32>
    %437 = arith.cmpi eq, %436, %74 : index
    cf.assert %437, "mismatched size for broadcast"
    %438 = arith.cmpi eq, %338, %66 : index
    cf.assert %438, "mismatched size for broadcast"
    %439 = arith.cmpi eq, %428, %77 : index
    cf.assert %439, "mismatched size for broadcast"
    %440 = tensor.empty(%436, %338, %428) : tensor<?x4x?x?xf32>
    %441 = linalg.generic {indexing_maps = [#map9, #map14, #map9], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%expanded_152, %209 : tensor<?x4x?x?xf32>, tensor<?x1x?x?xf32>) outs(%440 : tensor<?x4x?x?xf32>) {
    ^bb0(%in: f32, %in_160: f32, %out: f32):
      %534 = arith.addf %in, %in_160 : f32
      linalg.yield %534 : f32
    } -> tensor<?x4x?x?xf32>
    %442 = tensor.empty(%436, %338) : tensor<?x4x?xi64>
    %443 = linalg.fill ins(%c0_i64 : i64) outs(%442 : tensor<?x4x?xi64>) -> tensor<?x4x?xi64>
    %444 = tensor.empty(%436, %338) : tensor<?x4x?xf32>
    %445 = linalg.fill ins(%cst_7 : f32) outs(%444 : tensor<?x4x?xf32>) -> tensor<?x4x?xf32>
    %446:2 = linalg.generic {indexing_maps = [#map9, #map15, #map15], iterator_types = ["parallel", "parallel", "parallel", "reduction"]} ins(%441 : tensor<?x4x?x?xf32>) outs(%445, %443 : tensor<?x4x?xf32>, tensor<?x4x?xi64>) {
    ^bb0(%in: f32, %out: f32, %out_160: i64):
      %534 = linalg.index 3 : index
      %535 = arith.index_cast %534 : index to i64
      %536 = arith.maximumf %in, %out : f32
      %537 = arith.cmpf ogt, %in, %out : f32
      %538 = arith.select %537, %535, %out_160 : i64
      linalg.yield %536, %538 : f32, i64
    } -> (tensor<?x4x?xf32>, tensor<?x4x?xi64>)
    %expanded_153 = tensor.expand_shape %446#0 [[0], [1], [2, 3]] output_shape [%436, 4, %338, 1] : tensor<?x4x?xf32> into tensor<?x4x?x1xf32>
    %447 = linalg.generic {indexing_maps = [#map9, #map16, #map9], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%441, %expanded_153 : tensor<?x4x?x?xf32>, tensor<?x4x?x1xf32>) outs(%440 : tensor<?x4x?x?xf32>) {
    ^bb0(%in: f32, %in_160: f32, %out: f32):
      %534 = arith.subf %in, %in_160 : f32
      linalg.yield %534 : f32
    } -> tensor<?x4x?x?xf32>
    %448 = linalg.generic {indexing_maps = [#map9, #map9], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%447 : tensor<?x4x?x?xf32>) outs(%440 : tensor<?x4x?x?xf32>) {
    ^bb0(%in: f32, %out: f32):
      %534 = math.exp %in : f32
      linalg.yield %534 : f32
    } -> tensor<?x4x?x?xf32>
    %449 = tensor.empty(%436, %338) : tensor<?x4x?x1xf32>
    %450 = linalg.fill ins(%cst_8 : f32) outs(%449 : tensor<?x4x?x1xf32>) -> tensor<?x4x?x1xf32>
    %451 = linalg.generic {indexing_maps = [#map9, #map16], iterator_types = ["parallel", "parallel", "parallel", "reduction"]} ins(%448 : tensor<?x4x?x?xf32>) outs(%450 : tensor<?x4x?x1xf32>) {
    ^bb0(%in: f32, %out: f32):
      %534 = arith.addf %in, %out : f32
      linalg.yield %534 : f32
    } -> tensor<?x4x?x1xf32>
    %452 = linalg.generic {indexing_maps = [#map9, #map16, #map9], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%448, %451 : tensor<?x4x?x?xf32>, tensor<?x4x?x1xf32>) outs(%440 : tensor<?x4x?x?xf32>) {
    ^bb0(%in: f32, %in_160: f32, %out: f32):
      %534 = arith.divf %in, %in_160 : f32
      linalg.yield %534 : f32
    } -> tensor<?x4x?x?xf32>
    %453 = tensor.empty(%436, %338, %428) : tensor<?x4x?x?xi1>
    %454 = linalg.generic {indexing_maps = [#map9, #map9, #map9], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%452, %452 : tensor<?x4x?x?xf32>, tensor<?x4x?x?xf32>) outs(%453 : tensor<?x4x?x?xi1>) {
    ^bb0(%in: f32, %in_160: f32, %out: i1):
      %534 = arith.cmpf une, %in, %in_160 : f32
      linalg.yield %534 : i1
    } -> tensor<?x4x?x?xi1>
    %455 = linalg.generic {indexing_maps = [#map9, #map10, #map9, #map9], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%454, %cst_4, %452 : tensor<?x4x?x?xi1>, tensor<f32>, tensor<?x4x?x?xf32>) outs(%440 : tensor<?x4x?x?xf32>) {
    ^bb0(%in: i1, %in_160: f32, %in_161: f32, %out: f32):
      %534 = arith.select %in, %in_160, %in_161 : f32
      linalg.yield %534 : f32
    } -> tensor<?x4x?x?xf32>
    %456 = arith.maxui %436, %337 : index
    %457 = arith.cmpi eq, %425, %334 : i64
    cf.assert %457, "mismatching contracting dimension"
    %collapsed_154 = tensor.collapse_shape %455 [[0, 1], [2], [3]] : tensor<?x4x?x?xf32> into tensor<?x?x?xf32>
    %collapsed_155 = tensor.collapse_shape %transposed_116 [[0, 1], [2], [3]] : tensor<?x4x?x16xf32> into tensor<?x?x16xf32>
    %458 = arith.muli %456, %c4 : index
    %459 = tensor.empty(%458, %338) : tensor<?x?x16xf32>
    %460 = linalg.fill ins(%cst_8 : f32) outs(%459 : tensor<?x?x16xf32>) -> tensor<?x?x16xf32>
    %461 = linalg.batch_matmul ins(%collapsed_154, %collapsed_155 : tensor<?x?x?xf32>, tensor<?x?x16xf32>) outs(%460 : tensor<?x?x16xf32>) -> tensor<?x?x16xf32>
    %462 = arith.divsi %458, %c4 : index
    %expanded_156 = tensor.expand_shape %461 [[0, 1], [2], [3]] output_shape [%462, 4, %338, 16] : tensor<?x?x16xf32> into tensor<?x4x?x16xf32>
    %463 = tensor.empty(%462, %338) : tensor<?x?x4x16xf32>
    %transposed_157 = linalg.transpose ins(%expanded_156 : tensor<?x4x?x16xf32>) outs(%463 : tensor<?x?x4x16xf32>) permutation = [0, 2, 1, 3] 
    cf.assert %256, "must have at most one inferred (negative) dimension"
    %464 = arith.index_cast %462 : index to i64
    %465 = arith.muli %464, %334 : i64
    %466 = arith.muli %465, %c64_i64 : i64
    %467 = arith.divsi %466, %254 : i64
    %468 = arith.select %243, %467, %extracted_103 : i64
    %469 = arith.select %248, %467, %extracted_105 : i64
    %470 = arith.select %253, %467, %extracted_107 : i64
    %from_elements_158 = tensor.from_elements %468, %469, %470 : tensor<3xi64>
    %reshape_159 = tensor.reshape %transposed_157(%from_elements_158) : (tensor<?x?x4x16xf32>, tensor<3xi64>) -> tensor<?x?x64xf32>
    %471 = arith.index_cast %468 : i64 to index
    %472 = arith.index_cast %469 : i64 to index
    %473 = arith.cmpi sge, %468, %c0_i64 : i64
    cf.assert %473, "negative values not allowed in new dimensions"
    %474 = tensor.empty(%471) : tensor<?x64x64xf32>
    %475 = linalg.generic {indexing_maps = [#map12, #map4], iterator_types = ["parallel", "parallel", "parallel"]} ins(%arg15 : tensor<64x64xf32>) outs(%474 : tensor<?x64x64xf32>) {
    ^bb0(%in: f32, %out: f32):
      linalg.yield %in : f32
    } -> tensor<?x64x64xf32>
    %476 = tensor.empty(%471, %472) : tensor<?x?x64xf32>
    %477 = linalg.fill ins(%cst_8 : f32) outs(%476 : tensor<?x?x64xf32>) -> tensor<?x?x64xf32>
    %478 = linalg.batch_matmul ins(%reshape_159, %475 : tensor<?x?x64xf32>, tensor<?x64x64xf32>) outs(%477 : tensor<?x?x64xf32>) -> tensor<?x?x64xf32>
    %479 = linalg.generic {indexing_maps = [#map4, #map7, #map4], iterator_types = ["parallel", "parallel", "parallel"]} ins(%478, %arg4 : tensor<?x?x64xf32>, tensor<64xf32>) outs(%476 : tensor<?x?x64xf32>) {
    ^bb0(%in: f32, %in_160: f32, %out: f32):
      %534 = arith.addf %in, %in_160 : f32
      linalg.yield %534 : f32
    } -> tensor<?x?x64xf32>
    %480 = arith.cmpi eq, %471, %264 : index
    cf.assert %480, "mismatched size for broadcast"
    %481 = arith.cmpi eq, %472, %265 : index
    cf.assert %481, "mismatched size for broadcast"
    %482 = linalg.generic {indexing_maps = [#map4, #map4, #map4], iterator_types = ["parallel", "parallel", "parallel"]} ins(%479, %326 : tensor<?x?x64xf32>, tensor<?x?x64xf32>) outs(%476 : tensor<?x?x64xf32>) {
    ^bb0(%in: f32, %in_160: f32, %out: f32):
      %534 = arith.addf %in, %in_160 : f32
      linalg.yield %534 : f32
    } -> tensor<?x?x64xf32>
    %483 = tensor.empty(%471, %472) : tensor<?x?x1xf32>
    %484 = linalg.fill ins(%cst_8 : f32) outs(%483 : tensor<?x?x1xf32>) -> tensor<?x?x1xf32>
    %485 = linalg.generic {indexing_maps = [#map4, #map6], iterator_types = ["parallel", "parallel", "reduction"]} ins(%482 : tensor<?x?x64xf32>) outs(%484 : tensor<?x?x1xf32>) {
    ^bb0(%in: f32, %out: f32):
      %534 = arith.addf %in, %out : f32
      linalg.yield %534 : f32
    } -> tensor<?x?x1xf32>
    %486 = linalg.generic {indexing_maps = [#map4, #map4], iterator_types = ["parallel", "parallel", "parallel"]} ins(%485 : tensor<?x?x1xf32>) outs(%483 : tensor<?x?x1xf32>) {
    ^bb0(%in: f32, %out: f32):
      %534 = arith.divf %in, %cst_0 : f32
      linalg.yield %534 : f32
    } -> tensor<?x?x1xf32>
    %487 = arith.index_cast %468 : i64 to index
    %488 = arith.cmpi sge, %468, %c0_i64 : i64
    cf.assert %488, "unimplemented: dynamic negative broadcast sizes"
    %489 = arith.index_cast %469 : i64 to index
    %490 = arith.cmpi sge, %469, %c0_i64 : i64
    cf.assert %490, "unimplemented: dynamic negative broadcast sizes"
    %491 = tensor.empty(%487, %489) : tensor<?x?x64xf32>
    %492 = linalg.generic {indexing_maps = [#map4], iterator_types = ["parallel", "parallel", "parallel"]} outs(%491 : tensor<?x?x64xf32>) {
    ^bb0(%out: f32):
      %534 = linalg.index 0 : index
      %535 = linalg.index 1 : index
      %536 = arith.cmpi eq, %471, %c1 : index
      %537 = arith.select %536, %c0, %534 : index
      %538 = arith.cmpi eq, %472, %c1 : index
      %539 = arith.select %538, %c0, %535 : index
      %extracted_160 = tensor.extract %486[%537, %539, %c0] : tensor<?x?x1xf32>
      linalg.yield %extracted_160 : f32
    } -> tensor<?x?x64xf32>
    %493 = arith.cmpi eq, %471, %487 : index
    cf.assert %493, "mismatched size for broadcast"
    %494 = arith.cmpi eq, %472, %489 : index
    cf.assert %494, "mismatched size for broadcast"
    %495 = linalg.generic {indexing_maps = [#map4, #map4, #map4], iterator_types = ["parallel", "parallel", "parallel"]} ins(%482, %492 : tensor<?x?x64xf32>, tensor<?x?x64xf32>) outs(%476 : tensor<?x?x64xf32>) {
    ^bb0(%in: f32, %in_160: f32, %out: f32):
      %534 = arith.subf %in, %in_160 : f32
      linalg.yield %534 : f32
    } -> tensor<?x?x64xf32>
    %496 = linalg.generic {indexing_maps = [#map4, #map4, #map4], iterator_types = ["parallel", "parallel", "parallel"]} ins(%495, %495 : tensor<?x?x64xf32>, tensor<?x?x64xf32>) outs(%476 : tensor<?x?x64xf32>) {
    ^bb0(%in: f32, %in_160: f32, %out: f32):
      %534 = arith.mulf %in, %in_160 : f32
      linalg.yield %534 : f32
    } -> tensor<?x?x64xf32>
    %497 = linalg.generic {indexing_maps = [#map4, #map6], iterator_types = ["parallel", "parallel", "reduction"]} ins(%496 : tensor<?x?x64xf32>) outs(%484 : tensor<?x?x1xf32>) {
    ^bb0(%in: f32, %out: f32):
      %534 = arith.addf %in, %out : f32
      linalg.yield %534 : f32
    } -> tensor<?x?x1xf32>
    %498 = linalg.generic {indexing_maps = [#map4, #map4], iterator_types = ["parallel", "parallel", "parallel"]} ins(%497 : tensor<?x?x1xf32>) outs(%483 : tensor<?x?x1xf32>) {
    ^bb0(%in: f32, %out: f32):
      %534 = arith.divf %in, %cst_0 : f32
      linalg.yield %534 : f32
    } -> tensor<?x?x1xf32>
    %499 = linalg.generic {indexing_maps = [#map4, #map4], iterator_types = ["parallel", "parallel", "parallel"]} ins(%498 : tensor<?x?x1xf32>) outs(%483 : tensor<?x?x1xf32>) {
    ^bb0(%in: f32, %out: f32):
      %534 = arith.addf %in, %cst : f32
      linalg.yield %534 : f32
    } -> tensor<?x?x1xf32>
    %500 = linalg.generic {indexing_maps = [#map4, #map4], iterator_types = ["parallel", "parallel", "parallel"]} ins(%499 : tensor<?x?x1xf32>) outs(%483 : tensor<?x?x1xf32>) {
    ^bb0(%in: f32, %out: f32):
      %534 = math.rsqrt %in : f32
      linalg.yield %534 : f32
    } -> tensor<?x?x1xf32>
    cf.assert %488, "unimplemented: dynamic negative broadcast sizes"
    cf.assert %490, "unimplemented: dynamic negative broadcast sizes"
    %501 = linalg.generic {indexing_maps = [#map4], iterator_types = ["parallel", "parallel", "parallel"]} outs(%491 : tensor<?x?x64xf32>) {
    ^bb0(%out: f32):
      %534 = linalg.index 0 : index
      %535 = linalg.index 1 : index
      %536 = arith.cmpi eq, %471, %c1 : index
      %537 = arith.select %536, %c0, %534 : index
      %538 = arith.cmpi eq, %472, %c1 : index
      %539 = arith.select %538, %c0, %535 : index
      %extracted_160 = tensor.extract %500[%537, %539, %c0] : tensor<?x?x1xf32>
      linalg.yield %extracted_160 : f32
    } -> tensor<?x?x64xf32>
    cf.assert %493, "mismatched size for broadcast"
    cf.assert %494, "mismatched size for broadcast"
    %502 = linalg.generic {indexing_maps = [#map4, #map4, #map4], iterator_types = ["parallel", "parallel", "parallel"]} ins(%495, %501 : tensor<?x?x64xf32>, tensor<?x?x64xf32>) outs(%476 : tensor<?x?x64xf32>) {
    ^bb0(%in: f32, %in_160: f32, %out: f32):
      %534 = arith.mulf %in, %in_160 : f32
      linalg.yield %534 : f32
    } -> tensor<?x?x64xf32>
    %503 = linalg.generic {indexing_maps = [#map4, #map7, #map4], iterator_types = ["parallel", "parallel", "parallel"]} ins(%502, %arg3 : tensor<?x?x64xf32>, tensor<64xf32>) outs(%476 : tensor<?x?x64xf32>) {
    ^bb0(%in: f32, %in_160: f32, %out: f32):
      %534 = arith.mulf %in, %in_160 : f32
      linalg.yield %534 : f32
    } -> tensor<?x?x64xf32>
    %504 = linalg.generic {indexing_maps = [#map4, #map7, #map4], iterator_types = ["parallel", "parallel", "parallel"]} ins(%503, %arg4 : tensor<?x?x64xf32>, tensor<64xf32>) outs(%476 : tensor<?x?x64xf32>) {
    ^bb0(%in: f32, %in_160: f32, %out: f32):
      %534 = arith.addf %in, %in_160 : f32
      linalg.yield %534 : f32
    } -> tensor<?x?x64xf32>
    cf.assert %473, "negative values not allowed in new dimensions"
    %505 = tensor.empty(%471) : tensor<?x64x128xf32>
    %506 = linalg.generic {indexing_maps = [#map12, #map4], iterator_types = ["parallel", "parallel", "parallel"]} ins(%arg16 : tensor<64x128xf32>) outs(%505 : tensor<?x64x128xf32>) {
    ^bb0(%in: f32, %out: f32):
      linalg.yield %in : f32
    } -> tensor<?x64x128xf32>
    %507 = tensor.empty(%471, %472) : tensor<?x?x128xf32>
    %508 = linalg.fill ins(%cst_8 : f32) outs(%507 : tensor<?x?x128xf32>) -> tensor<?x?x128xf32>
    %509 = linalg.batch_matmul ins(%504, %506 : tensor<?x?x64xf32>, tensor<?x64x128xf32>) outs(%508 : tensor<?x?x128xf32>) -> tensor<?x?x128xf32>
    %510 = linalg.generic {indexing_maps = [#map4, #map7, #map4], iterator_types = ["parallel", "parallel", "parallel"]} ins(%509, %arg5 : tensor<?x?x128xf32>, tensor<128xf32>) outs(%507 : tensor<?x?x128xf32>) {
    ^bb0(%in: f32, %in_160: f32, %out: f32):
      %534 = arith.addf %in, %in_160 : f32
      linalg.yield %534 : f32
    } -> tensor<?x?x128xf32>
    %511 = linalg.generic {indexing_maps = [#map4, #map17, #map4], iterator_types = ["parallel", "parallel", "parallel"]} ins(%510, %cst_2 : tensor<?x?x128xf32>, tensor<f32>) outs(%507 : tensor<?x?x128xf32>) {
    ^bb0(%in: f32, %in_160: f32, %out: f32):
      %534 = arith.divf %in, %in_160 : f32
      linalg.yield %534 : f32
    } -> tensor<?x?x128xf32>
    %512 = linalg.generic {indexing_maps = [#map4, #map4], iterator_types = ["parallel", "parallel", "parallel"]} ins(%511 : tensor<?x?x128xf32>) outs(%507 : tensor<?x?x128xf32>) {
    ^bb0(%in: f32, %out: f32):
      %534 = math.erf %in : f32
      linalg.yield %534 : f32
    } -> tensor<?x?x128xf32>
    %513 = linalg.generic {indexing_maps = [#map4, #map17, #map4], iterator_types = ["parallel", "parallel", "parallel"]} ins(%512, %cst_1 : tensor<?x?x128xf32>, tensor<f32>) outs(%507 : tensor<?x?x128xf32>) {
    ^bb0(%in: f32, %in_160: f32, %out: f32):
      %534 = arith.addf %in, %in_160 : f32
      linalg.yield %534 : f32
    } -> tensor<?x?x128xf32>
    %514 = linalg.generic {indexing_maps = [#map17, #map4, #map4], iterator_types = ["parallel", "parallel", "parallel"]} ins(%cst_5, %513 : tensor<f32>, tensor<?x?x128xf32>) outs(%507 : tensor<?x?x128xf32>) {
    ^bb0(%in: f32, %in_160: f32, %out: f32):
      %534 = arith.mulf %in, %in_160 : f32
      linalg.yield %534 : f32
    } -> tensor<?x?x128xf32>
    %515 = linalg.generic {indexing_maps = [#map4, #map4, #map4], iterator_types = ["parallel", "parallel", "parallel"]} ins(%510, %514 : tensor<?x?x128xf32>, tensor<?x?x128xf32>) outs(%507 : tensor<?x?x128xf32>) {
    ^bb0(%in: f32, %in_160: f32, %out: f32):
      %534 = arith.mulf %in, %in_160 : f32
      linalg.yield %534 : f32
    } -> tensor<?x?x128xf32>
    cf.assert %473, "negative values not allowed in new dimensions"
    %516 = tensor.empty(%471) : tensor<?x128x64xf32>
    %517 = linalg.generic {indexing_maps = [#map12, #map4], iterator_types = ["parallel", "parallel", "parallel"]} ins(%arg17 : tensor<128x64xf32>) outs(%516 : tensor<?x128x64xf32>) {
    ^bb0(%in: f32, %out: f32):
      linalg.yield %in : f32
    } -> tensor<?x128x64xf32>
    %518 = linalg.batch_matmul ins(%515, %517 : tensor<?x?x128xf32>, tensor<?x128x64xf32>) outs(%477 : tensor<?x?x64xf32>) -> tensor<?x?x64xf32>
    %519 = linalg.generic {indexing_maps = [#map4, #map7, #map4], iterator_types = ["parallel", "parallel", "parallel"]} ins(%518, %arg4 : tensor<?x?x64xf32>, tensor<64xf32>) outs(%476 : tensor<?x?x64xf32>) {
    ^bb0(%in: f32, %in_160: f32, %out: f32):
      %534 = arith.addf %in, %in_160 : f32
      linalg.yield %534 : f32
    } -> tensor<?x?x64xf32>
    %520 = linalg.generic {indexing_maps = [#map4, #map4, #map4], iterator_types = ["parallel", "parallel", "parallel"]} ins(%519, %504 : tensor<?x?x64xf32>, tensor<?x?x64xf32>) outs(%476 : tensor<?x?x64xf32>) {
    ^bb0(%in: f32, %in_160: f32, %out: f32):
      %534 = arith.addf %in, %in_160 : f32
      linalg.yield %534 : f32
    } -> tensor<?x?x64xf32>
    %521 = linalg.generic {indexing_maps = [#map4, #map6], iterator_types = ["parallel", "parallel", "reduction"]} ins(%520 : tensor<?x?x64xf32>) outs(%484 : tensor<?x?x1xf32>) {
    ^bb0(%in: f32, %out: f32):
      %534 = arith.addf %in, %out : f32
      linalg.yield %534 : f32
    } -> tensor<?x?x1xf32>
    %522 = linalg.generic {indexing_maps = [#map4, #map4], iterator_types = ["parallel", "parallel", "parallel"]} ins(%521 : tensor<?x?x1xf32>) outs(%483 : tensor<?x?x1xf32>) {
    ^bb0(%in: f32, %out: f32):
      %534 = arith.divf %in, %cst_0 : f32
      linalg.yield %534 : f32
    } -> tensor<?x?x1xf32>
    cf.assert %488, "unimplemented: dynamic negative broadcast sizes"
    cf.assert %490, "unimplemented: dynamic negative broadcast sizes"
    %523 = linalg.generic {indexing_maps = [#map4], iterator_types = ["parallel", "parallel", "parallel"]} outs(%491 : tensor<?x?x64xf32>) {
    ^bb0(%out: f32):
      %534 = linalg.index 0 : index
      %535 = linalg.index 1 : index
      %536 = arith.cmpi eq, %471, %c1 : index
      %537 = arith.select %536, %c0, %534 : index
      %538 = arith.cmpi eq, %472, %c1 : index
      %539 = arith.select %538, %c0, %535 : index
      %extracted_160 = tensor.extract %522[%537, %539, %c0] : tensor<?x?x1xf32>
      linalg.yield %extracted_160 : f32
    } -> tensor<?x?x64xf32>
    cf.assert %493, "mismatched size for broadcast"
    cf.assert %494, "mismatched size for broadcast"
    %524 = linalg.generic {indexing_maps = [#map4, #map4, #map4], iterator_types = ["parallel", "parallel", "parallel"]} ins(%520, %523 : tensor<?x?x64xf32>, tensor<?x?x64xf32>) outs(%476 : tensor<?x?x64xf32>) {
    ^bb0(%in: f32, %in_160: f32, %out: f32):
      %534 = arith.subf %in, %in_160 : f32
      linalg.yield %534 : f32
    } -> tensor<?x?x64xf32>
    %525 = linalg.generic {indexing_maps = [#map4, #map4, #map4], iterator_types = ["parallel", "parallel", "parallel"]} ins(%524, %524 : tensor<?x?x64xf32>, tensor<?x?x64xf32>) outs(%476 : tensor<?x?x64xf32>) {
    ^bb0(%in: f32, %in_160: f32, %out: f32):
      %534 = arith.mulf %in, %in_160 : f32
      linalg.yield %534 : f32
    } -> tensor<?x?x64xf32>
    %526 = linalg.generic {indexing_maps = [#map4, #map6], iterator_types = ["parallel", "parallel", "reduction"]} ins(%525 : tensor<?x?x64xf32>) outs(%484 : tensor<?x?x1xf32>) {
    ^bb0(%in: f32, %out: f32):
      %534 = arith.addf %in, %out : f32
      linalg.yield %534 : f32
    } -> tensor<?x?x1xf32>
    %527 = linalg.generic {indexing_maps = [#map4, #map4], iterator_types = ["parallel", "parallel", "parallel"]} ins(%526 : tensor<?x?x1xf32>) outs(%483 : tensor<?x?x1xf32>) {
    ^bb0(%in: f32, %out: f32):
      %534 = arith.divf %in, %cst_0 : f32
      linalg.yield %534 : f32
    } -> tensor<?x?x1xf32>
    %528 = linalg.generic {indexing_maps = [#map4, #map4], iterator_types = ["parallel", "parallel", "parallel"]} ins(%527 : tensor<?x?x1xf32>) outs(%483 : tensor<?x?x1xf32>) {
    ^bb0(%in: f32, %out: f32):
      %534 = arith.addf %in, %cst : f32
      linalg.yield %534 : f32
    } -> tensor<?x?x1xf32>
    %529 = linalg.generic {indexing_maps = [#map4, #map4], iterator_types = ["parallel", "parallel", "parallel"]} ins(%528 : tensor<?x?x1xf32>) outs(%483 : tensor<?x?x1xf32>) {
    ^bb0(%in: f32, %out: f32):
      %534 = math.rsqrt %in : f32
      linalg.yield %534 : f32
    } -> tensor<?x?x1xf32>
    cf.assert %488, "unimplemented: dynamic negative broadcast sizes"
    cf.assert %490, "unimplemented: dynamic negative broadcast sizes"
    %530 = linalg.generic {indexing_maps = [#map4], iterator_types = ["parallel", "parallel", "parallel"]} outs(%491 : tensor<?x?x64xf32>) {
    ^bb0(%out: f32):
      %534 = linalg.index 0 : index
      %535 = linalg.index 1 : index
      %536 = arith.cmpi eq, %471, %c1 : index
      %537 = arith.select %536, %c0, %534 : index
      %538 = arith.cmpi eq, %472, %c1 : index
      %539 = arith.select %538, %c0, %535 : index
      %extracted_160 = tensor.extract %529[%537, %539, %c0] : tensor<?x?x1xf32>
      linalg.yield %extracted_160 : f32
    } -> tensor<?x?x64xf32>
    cf.assert %493, "mismatched size for broadcast"
    cf.assert %494, "mismatched size for broadcast"
    %531 = linalg.generic {indexing_maps = [#map4, #map4, #map4], iterator_types = ["parallel", "parallel", "parallel"]} ins(%524, %530 : tensor<?x?x64xf32>, tensor<?x?x64xf32>) outs(%476 : tensor<?x?x64xf32>) {
    ^bb0(%in: f32, %in_160: f32, %out: f32):
      %534 = arith.mulf %in, %in_160 : f32
      linalg.yield %534 : f32
    } -> tensor<?x?x64xf32>
    %532 = linalg.generic {indexing_maps = [#map4, #map7, #map4], iterator_types = ["parallel", "parallel", "parallel"]} ins(%531, %arg3 : tensor<?x?x64xf32>, tensor<64xf32>) outs(%476 : tensor<?x?x64xf32>) {
    ^bb0(%in: f32, %in_160: f32, %out: f32):
      %534 = arith.mulf %in, %in_160 : f32
      linalg.yield %534 : f32
    } -> tensor<?x?x64xf32>
    %533 = linalg.generic {indexing_maps = [#map4, #map7, #map4], iterator_types = ["parallel", "parallel", "parallel"]} ins(%532, %arg4 : tensor<?x?x64xf32>, tensor<64xf32>) outs(%476 : tensor<?x?x64xf32>) {
    ^bb0(%in: f32, %in_160: f32, %out: f32):
      %534 = arith.addf %in, %in_160 : f32
      linalg.yield %534 : f32
    } -> tensor<?x?x64xf32>
    return %533 : tensor<?x?x64xf32>
  }
}

