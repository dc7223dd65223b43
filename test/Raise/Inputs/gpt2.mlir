#map = affine_map<(d0, d1) -> (d0, d1)>
#map1 = affine_map<(d0, d1) -> (d0)>
#map2 = affine_map<(d0, d1, d2) -> (d0, d1, d2)>
#map3 = affine_map<(d0, d1, d2) -> (0, d1, d2)>
#map4 = affine_map<(d0, d1, d2) -> (d0, d1, 0)>
#map5 = affine_map<(d0, d1, d2) -> (d0, d1)>
#map6 = affine_map<(d0, d1, d2) -> (d2)>
#map7 = affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>
#map8 = affine_map<(d0, d1, d2, d3) -> ()>
#map9 = affine_map<(d0, d1, d2, d3) -> (d0, 0, d2, d3)>
#map10 = affine_map<(d0, d1, d2, d3) -> (d0, d1, d2)>
#map11 = affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, 0)>
#map12 = affine_map<(d0, d1, d2) -> ()>
module {
  func.func @main_graph(%arg0: tensor<2x16xi64>, %arg1: tensor<128x64xf32>, %arg2: tensor<64xf32>, %arg3: tensor<64xf32>, %arg4: tensor<64x192xf32>, %arg5: tensor<64x64xf32>, %arg6: tensor<64x256xf32>, %arg7: tensor<256x64xf32>, %arg8: tensor<64x192xf32>, %arg9: tensor<64x64xf32>, %arg10: tensor<64x256xf32>, %arg11: tensor<256x64xf32>, %arg12: tensor<1x16x64xf32>, %arg13: tensor<2x1x16x16xf32>) -> tensor<2x16x64xf32> {
    %c128_i64 = arith.constant 128 : i64
    %c3_i64 = arith.constant 3 : i64
    %c0_i64 = arith.constant 0 : i64
    %cst = arith.constant 0.000000e+00 : f32
    %cst_0 = arith.constant 0xFF800000 : f32
    %cst_1 = arith.constant dense<5.000000e-01> : tensor<f32>
    %cst_2 = arith.constant dense<1.000000e+00> : tensor<f32>
    %cst_3 = arith.constant dense<0.000000e+00> : tensor<f32>
    %cst_4 = arith.constant dense<4.471500e-02> : tensor<f32>
    %cst_5 = arith.constant dense<0.797884583> : tensor<f32>
    %cst_6 = arith.constant 6.400000e+01 : f32
    %cst_7 = arith.constant 9.99999974E-6 : f32
    %0 = tensor.empty() : tensor<2x16xi1>
    %1 = linalg.generic {indexing_maps = [#map, #map], iterator_types = ["parallel", "parallel"]} ins(%arg0 : tensor<2x16xi64>) outs(%0 : tensor<2x16xi1>) {
    ^bb0(%in: i64, %out: i1):
      %145 = arith.cmpi slt, %in, %c0_i64 : i64
      linalg.yield %145 : i1
    } -> tensor<2x16xi1>
    %2 = tensor.empty() : tensor<2x16xi64>
    %3 = linalg.generic {indexing_maps = [#map, #map], iterator_types = ["parallel", "parallel"]} ins(%arg0 : tensor<2x16xi64>) outs(%2 : tensor<2x16xi64>) {
    ^bb0(%in: i64, %out: i64):
      %145 = arith.addi %in, %c128_i64 : i64
      linalg.yield %145 : i64
    } -> tensor<2x16xi64>
    %4 = linalg.generic {indexing_maps = [#map, #map, #map, #map], iterator_types = ["parallel", "parallel"]} ins(%1, %3, %arg0 : tensor<2x16xi1>, tensor<2x16xi64>, tensor<2x16xi64>) outs(%2 : tensor<2x16xi64>) {
    ^bb0(%in: i1, %in_72: i64, %in_73: i64, %out: i64):
      %145 = arith.select %in, %in_72, %in_73 : i64
      linalg.yield %145 : i64
    } -> tensor<2x16xi64>
    %collapsed = tensor.collapse_shape %4 [[0, 1]] : tensor<2x16xi64> into tensor<32xi64>
    %5 = tensor.empty() : tensor<32x64xf32>
    %6 = linalg.generic {indexing_maps = [#map1, #map], iterator_types = ["parallel", "parallel"]} ins(%collapsed : tensor<32xi64>) outs(%5 : tensor<32x64xf32>) {
    ^bb0(%in: i64, %out: f32):
      %145 = arith.index_cast %in : i64 to index
      %146 = linalg.index 1 : index
      %extracted = tensor.extract %arg1[%145, %146] : tensor<128x64xf32>
      linalg.yield %extracted : f32
    } -> tensor<32x64xf32>
    %expanded = tensor.expand_shape %6 [[0, 1], [2]] output_shape [2, 16, 64] : tensor<32x64xf32> into tensor<2x16x64xf32>
    %7 = tensor.empty() : tensor<2x16x64xf32>
    %8 = linalg.generic {indexing_maps = [#map2, #map3, #map2], iterator_types = ["parallel", "parallel", "parallel"]} ins(%expanded, %arg12 : tensor<2x16x64xf32>, tensor<1x16x64xf32>) outs(%7 : tensor<2x16x64xf32>) {
    ^bb0(%in: f32, %in_72: f32, %out: f32):
      %145 = arith.addf %in, %in_72 : f32
      linalg.yield %145 : f32
    } -> tensor<2x16x64xf32>
    %9 = tensor.empty() : tensor<2x16x1xf32>
    %10 = linalg.fill ins(%cst : f32) outs(%9 : tensor<2x16x1xf32>) -> tensor<2x16x1xf32>
    %11 = linalg.generic {indexing_maps = [#map2, #map4], iterator_types = ["parallel", "parallel", "reduction"]} ins(%8 : tensor<2x16x64xf32>) outs(%10 : tensor<2x16x1xf32>) {
    ^bb0(%in: f32, %out: f32):
      %145 = arith.addf %in, %out : f32
      linalg.yield %145 : f32
    } -> tensor<2x16x1xf32>
    %12 = linalg.generic {indexing_maps = [#map2, #map2], iterator_types = ["parallel", "parallel", "parallel"]} ins(%11 : tensor<2x16x1xf32>) outs(%9 : tensor<2x16x1xf32>) {
    ^bb0(%in: f32, %out: f32):
      %145 = arith.divf %in, %cst_6 : f32
      linalg.yield %145 : f32
    } -> tensor<2x16x1xf32>
    %collapsed_8 = tensor.collapse_shape %12 [[0], [1, 2]] : tensor<2x16x1xf32> into tensor<2x16xf32>
    %13 = linalg.generic {indexing_maps = [#map5, #map2], iterator_types = ["parallel", "parallel", "parallel"]} ins(%collapsed_8 : tensor<2x16xf32>) outs(%7 : tensor<2x16x64xf32>) {
    ^bb0(%in: f32, %out: f32):
      linalg.yield %in : f32
    } -> tensor<2x16x64xf32>
    %14 = linalg.generic {indexing_maps = [#map2, #map2, #map2], iterator_types = ["parallel", "parallel", "parallel"]} ins(%8, %13 : tensor<2x16x64xf32>, tensor<2x16x64xf32>) outs(%7 : tensor<2x16x64xf32>) {
    ^bb0(%in: f32, %in_72: f32, %out: f32):
      %145 = arith.subf %in, %in_72 : f32
      linalg.yield %145 : f32
    } -> tensor<2x16x64xf32>
    %15 = linalg.generic {indexing_maps = [#map2, #map2, #map2], iterator_types = ["parallel", "parallel", "parallel"]} ins(%14, %14 : tensor<2x16x64xf32>, tensor<2x16x64xf32>) outs(%7 : tensor<2x16x64xf32>) {
    ^bb0(%in: f32, %in_72: f32, %out: f32):
      %145 = arith.mulf %in, %in_72 : f32
      linalg.yield %145 : f32
    } -> tensor<2x16x64xf32>
    %16 = linalg.generic {indexing_maps = [#map2, #map4], iterator_types = ["parallel", "parallel", "reduction"]} ins(%15 : tensor<2x16x64xf32>) outs(%10 : tensor<2x16x1xf32>) {
    ^bb0(%in: f32, %out: f32):
      %145 = arith.addf %in, %out : f32
      linalg.yield %145 : f32
    } -> tensor<2x16x1xf32>
    %17 = linalg.generic {indexing_maps = [#map2, #map2], iterator_types = ["parallel", "parallel", "parallel"]} ins(%16 : tensor<2x16x1xf32>) outs(%9 : tensor<2x16x1xf32>) {
    ^bb0(%in: f32, %out: f32):
      %145 = arith.divf %in, %cst_6 : f32
      linalg.yield %145 : f32
    } -> tensor<2x16x1xf32>
    %18 = linalg.generic {indexing_maps = [#map2, #map2], iterator_types = ["parallel", "parallel", "parallel"]} ins(%17 : tensor<2x16x1xf32>) outs(%9 : tensor<2x16x1xf32>) {
    ^bb0(%in: f32, %out: f32):
      %145 = arith.addf %in, %cst_7 : f32
      linalg.yield %145 : f32
    } -> tensor<2x16x1xf32>
    %19 = linalg.generic {indexing_maps = [#map2, #map2], iterator_types = ["parallel", "parallel", "parallel"]} ins(%18 : tensor<2x16x1xf32>) outs(%9 : tensor<2x16x1xf32>) {
    ^bb0(%in: f32, %out: f32):
      %145 = math.rsqrt %in : f32
      linalg.yield %145 : f32
    } -> tensor<2x16x1xf32>
    %collapsed_9 = tensor.collapse_shape %19 [[0], [1, 2]] : tensor<2x16x1xf32> into tensor<2x16xf32>
    %20 = linalg.generic {indexing_maps = [#map5, #map2], iterator_types = ["parallel", "parallel", "parallel"]} ins(%collapsed_9 : tensor<2x16xf32>) outs(%7 : tensor<2x16x64xf32>) {
    ^bb0(%in: f32, %out: f32):
      linalg.yield %in : f32
    } -> tensor<2x16x64xf32>
    %21 = linalg.generic {indexing_maps = [#map2, #map2, #map2], iterator_types = ["parallel", "parallel", "parallel"]} ins(%14, %20 : tensor<2x16x64xf32>, tensor<2x16x64xf32>) outs(%7 : tensor<2x16x64xf32>) {
    ^bb0(%in: f32, %in_72: f32, %out: f32):
      %145 = arith.mulf %in, %in_72 : f32
      linalg.yield %145 : f32
    } -> tensor<2x16x64xf32>
    %22 = linalg.generic {indexing_maps = [#map2, #map6, #map2], iterator_types = ["parallel", "parallel", "parallel"]} ins(%21, %arg2 : tensor<2x16x64xf32>, tensor<64xf32>) outs(%7 : tensor<2x16x64xf32>) {
    ^bb0(%in: f32, %in_72: f32, %out: f32):
      %145 = arith.mulf %in, %in_72 : f32
      linalg.yield %145 : f32
    } -> tensor<2x16x64xf32>
    %23 = linalg.generic {indexing_maps = [#map2, #map6, #map2], iterator_types = ["parallel", "parallel", "parallel"]} ins(%22, %arg3 : tensor<2x16x64xf32>, tensor<64xf32>) outs(%7 : tensor<2x16x64xf32>) {
    ^bb0(%in: f32, %in_72: f32, %out: f32):
      %145 = arith.addf %in, %in_72 : f32
      linalg.yield %145 : f32
    } -> tensor<2x16x64xf32>
    %collapsed_10 = tensor.collapse_shape %23 [[0, 1], [2]] : tensor<2x16x64xf32> into tensor<32x64xf32>
    %24 = tensor.empty() : tensor<32x192xf32>
    %25 = linalg.fill ins(%cst : f32) outs(%24 : tensor<32x192xf32>) -> tensor<32x192xf32>
    %26 = linalg.matmul ins(%collapsed_10, %arg4 : tensor<32x64xf32>, tensor<64x192xf32>) outs(%25 : tensor<32x192xf32>) -> tensor<32x192xf32>
    %expanded_11 = tensor.expand_shape %26 [[0, 1], [2]] output_shape [2, 16, 192] : tensor<32x192xf32> into tensor<2x16x192xf32>
    %extracted_slice = tensor.extract_slice %expanded_11[0, 0, 0] [2, 16, 64] [1, 1, 1] : tensor<2x16x192xf32> to tensor<2x16x64xf32>
    %extracted_slice_12 = tensor.extract_slice %expanded_11[0, 0, 64] [2, 16, 64] [1, 1, 1] : tensor<2x16x192xf32> to tensor<2x16x64xf32>
    %extracted_slice_13 = tensor.extract_slice %expanded_11[0, 0, 128] [2, 16, 64] [1, 1, 1] : tensor<2x16x192xf32> to tensor<2x16x64xf32>
    %expanded_14 = tensor.expand_shape %extracted_slice_12 [[0], [1], [2, 3]] output_shape [2, 16, 4, 16] : tensor<2x16x64xf32> into tensor<2x16x4x16xf32>
    %27 = tensor.empty() : tensor<2x4x16x16xf32>
    %transposed = linalg.transpose ins(%expanded_14 : tensor<2x16x4x16xf32>) outs(%27 : tensor<2x4x16x16xf32>) permutation = [0, 2, 1, 3] 
    %expanded_15 = tensor.expand_shape %extracted_slice_13 [[0], [1], [2, 3]] output_shape [2, 16, 4, 16] : tensor<2x16x64xf32> into tensor<2x16x4x16xf32>
    %transposed_16 = linalg.transpose ins(%expanded_15 : tensor<2x16x4x16xf32>) outs(%27 : tensor<2x4x16x16xf32>) permutation = [0, 2, 1, 3] 
    %expanded_17 = tensor.expand_shape %extracted_slice [[0], [1], [2, 3]] output_shape [2, 16, 4, 16] : tensor<2x16x64xf32> into tensor<2x16x4x16xf32>
    %transposed_18 = linalg.transpose ins(%expanded_17 : tensor<2x16x4x16xf32>) outs(%27 : tensor<2x4x16x16xf32>) permutation = [0, 2, 1, 3] 
    %collapsed_19 = tensor.collapse_shape %transposed [[0, 1], [2], [3]] : tensor<2x4x16x16xf32> into tensor<8x16x16xf32>
    %28 = tensor.empty() : tensor<8x16x16xf32>
    %transposed_20 = linalg.transpose ins(%collapsed_19 : tensor<8x16x16xf32>) outs(%28 : tensor<8x16x16xf32>) permutation = [0, 2, 1] 
    %expanded_21 = tensor.expand_shape %transposed_20 [[0, 1], [2], [3]] output_shape [2, 4, 16, 16] : tensor<8x16x16xf32> into tensor<2x4x16x16xf32>
    %29 = linalg.generic {indexing_maps = [#map7, #map8, #map7], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%transposed_18, %cst_1 : tensor<2x4x16x16xf32>, tensor<f32>) outs(%27 : tensor<2x4x16x16xf32>) {
    ^bb0(%in: f32, %in_72: f32, %out: f32):
      %145 = arith.mulf %in, %in_72 : f32
      linalg.yield %145 : f32
    } -> tensor<2x4x16x16xf32>
    %30 = linalg.generic {indexing_maps = [#map7, #map8, #map7], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%expanded_21, %cst_1 : tensor<2x4x16x16xf32>, tensor<f32>) outs(%27 : tensor<2x4x16x16xf32>) {
    ^bb0(%in: f32, %in_72: f32, %out: f32):
      %145 = arith.mulf %in, %in_72 : f32
      linalg.yield %145 : f32
    } -> tensor<2x4x16x16xf32>
    %collapsed_22 = tensor.collapse_shape %29 [[0, 1], [2], [3]] : tensor<2x4x16x16xf32> into tensor<8x16x16xf32>
    %collapsed_23 = tensor.collapse_shape %30 [[0, 1], [2], [3]] : tensor<2x4x16x16xf32> into tensor<8x16x16xf32>
    %31 = linalg.fill ins(%cst : f32) outs(%28 : tensor<8x16x16xf32>) -> tensor<8x16x16xf32>
    %32 = linalg.batch_matmul ins(%collapsed_22, %collapsed_23 : tensor<8x16x16xf32>, tensor<8x16x16xf32>) outs(%31 : tensor<8x16x16xf32>) -> tensor<8x16x16xf32>
    %expanded_24 = tensor.expand_shape %32 [[0, 1], [2], [3]] output_shape [2, 4, 16, 16] : tensor<8x16x16xf32> into tensor<2x4x16x16xf32>
    %33 = linalg.generic {indexing_maps = [#map7, #map9, #map7], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%expanded_24, %arg13 : tensor<2x4x16x16xf32>, tensor<2x1x16x16xf32>) outs(%27 : tensor<2x4x16x16xf32>) {
    ^bb0(%in: f32, %in_72: f32, %out: f32):
      %145 = arith.addf %in, %in_72 : f32
      linalg.yield %145 : f32
    } -> tensor<2x4x16x16xf32>
    %34 = tensor.empty() : tensor<2x4x16xi64>
    %35 = linalg.fill ins(%c0_i64 : i64) outs(%34 : tensor<2x4x16xi64>) -> tensor<2x4x16xi64>
    %36 = tensor.empty() : tensor<2x4x16xf32>
    %37 = linalg.fill ins(%cst_0 : f32) outs(%36 : tensor<2x4x16xf32>) -> tensor<2x4x16xf32>
    %38:2 = linalg.generic {indexing_maps = [#map7, #map10, #map10], iterator_types = ["parallel", "parallel", "parallel", "reduction"]} ins(%33 : tensor<2x4x16x16xf32>) outs(%37, %35 : tensor<2x4x16xf32>, tensor<2x4x16xi64>) {
    ^bb0(%in: f32, %out: f32, %out_72: i64):
      %145 = linalg.index 3 : index
      %146 = arith.index_cast %145 : index to i64
      %147 = arith.maximumf %in, %out : f32
      %148 = arith.cmpf ogt, %in, %out : f32
      %149 = arith.select %148, %146, %out_72 : i64
      linalg.yield %147, %149 : f32, i64
    } -> (tensor<2x4x16xf32>, tensor<2x4x16xi64>)
    %expanded_25 = tensor.expand_shape %38#0 [[0], [1], [2, 3]] output_shape [2, 4, 16, 1] : tensor<2x4x16xf32> into tensor<2x4x16x1xf32>
    %39 = linalg.generic {indexing_maps = [#map7, #map11, #map7], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%33, %expanded_25 : tensor<2x4x16x16xf32>, tensor<2x4x16x1xf32>) outs(%27 : tensor<2x4x16x16xf32>) {
    ^bb0(%in: f32, %in_72: f32, %out: f32):
      %145 = arith.subf %in, %in_72 : f32
      linalg.yield %145 : f32
    } -> tensor<2x4x16x16xf32>
    %40 = linalg.generic {indexing_maps = [#map7, #map7], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%39 : tensor<2x4x16x16xf32>) outs(%27 : tensor<2x4x16x16xf32>) {
    ^bb0(%in: f32, %out: f32):
      %145 = math.exp %in : f32
      linalg.yield %145 : f32
    } -> tensor<2x4x16x16xf32>
    %41 = tensor.empty() : tensor<2x4x16x1xf32>
    %42 = linalg.fill ins(%cst : f32) outs(%41 : tensor<2x4x16x1xf32>) -> tensor<2x4x16x1xf32>
    %43 = linalg.generic {indexing_maps = [#map7, #map11], iterator_types = ["parallel", "parallel", "parallel", "reduction"]} ins(%40 : tensor<2x4x16x16xf32>) outs(%42 : tensor<2x4x16x1xf32>) {
    ^bb0(%in: f32, %out: f32):
      %145 = arith.addf %in, %out : f32
      linalg.yield %145 : f32
    } -> tensor<2x4x16x1xf32>
    %44 = linalg.generic {indexing_maps = [#map7, #map11, #map7], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%40, %43 : tensor<2x4x16x16xf32>, tensor<2x4x16x1xf32>) outs(%27 : tensor<2x4x16x16xf32>) {
    ^bb0(%in: f32, %in_72: f32, %out: f32):
      %145 = arith.divf %in, %in_72 : f32
      linalg.yield %145 : f32
    } -> tensor<2x4x16x16xf32>
    %45 = tensor.empty() : tensor<2x4x16x16xi1>
    %46 = linalg.generic {indexing_maps = [#map7, #map7, #map7], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%44, %44 : tensor<2x4x16x16xf32>, tensor<2x4x16x16xf32>) outs(%45 : tensor<2x4x16x16xi1>) {
    ^bb0(%in: f32, %in_72: f32, %out: i1):
      %145 = arith.cmpf une, %in, %in_72 : f32
      linalg.yield %145 : i1
    } -> tensor<2x4x16x16xi1>
    %47 = linalg.generic {indexing_maps = [#map7, #map8, #map7, #map7], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%46, %cst_3, %44 : tensor<2x4x16x16xi1>, tensor<f32>, tensor<2x4x16x16xf32>) outs(%27 : tensor<2x4x16x16xf32>) {
    ^bb0(%in: i1, %in_72: f32, %in_73: f32, %out: f32):
      %145 = arith.select %in, %in_72, %in_73 : f32
      linalg.yield %145 : f32
    } -> tensor<2x4x16x16xf32>
    %collapsed_26 = tensor.collapse_shape %47 [[0, 1], [2], [3]] : tensor<2x4x16x16xf32> into tensor<8x16x16xf32>
    %collapsed_27 = tensor.collapse_shape %transposed_16 [[0, 1], [2], [3]] : tensor<2x4x16x16xf32> into tensor<8x16x16xf32>
    %48 = linalg.batch_matmul ins(%collapsed_26, %collapsed_27 : tensor<8x16x16xf32>, tensor<8x16x16xf32>) outs(%31 : tensor<8x16x16xf32>) -> tensor<8x16x16xf32>
    %expanded_28 = tensor.expand_shape %48 [[0, 1], [2], [3]] output_shape [2, 4, 16, 16] : tensor<8x16x16xf32> into tensor<2x4x16x16xf32>
    %49 = tensor.empty() : tensor<2x16x4x16xf32>
    %transposed_29 = linalg.transpose ins(%expanded_28 : tensor<2x4x16x16xf32>) outs(%49 : tensor<2x16x4x16xf32>) permutation = [0, 2, 1, 3] 
    %collapsed_30 = tensor.collapse_shape %transposed_29 [[0, 1], [2, 3]] : tensor<2x16x4x16xf32> into tensor<32x64xf32>
    %50 = linalg.fill ins(%cst : f32) outs(%5 : tensor<32x64xf32>) -> tensor<32x64xf32>
    %51 = linalg.matmul ins(%collapsed_30, %arg5 : tensor<32x64xf32>, tensor<64x64xf32>) outs(%50 : tensor<32x64xf32>) -> tensor<32x64xf32>
    %expanded_31 = tensor.expand_shape %51 [[0, 1], [2]] output_shape [2, 16, 64] : tensor<32x64xf32> into tensor<2x16x64xf32>
    %52 = linalg.generic {indexing_maps = [#map2, #map2, #map2], iterator_types = ["parallel", "parallel", "parallel"]} ins(%expanded_31, %8 : tensor<2x16x64xf32>, tensor<2x16x64xf32>) outs(%7 : tensor<2x16x64xf32>) {
    ^bb0(%in: f32, %in_72: f32, %out: f32):
      %145 = arith.addf %in, %in_72 : f32
      linalg.yield %145 : f32
    } -> tensor<2x16x64xf32>
    %53 = linalg.generic {indexing_maps = [#map2, #map4], iterator_types = ["parallel", "parallel", "reduction"]} ins(%52 : tensor<2x16x64xf32>) outs(%10 : tensor<2x16x1xf32>) {
    ^bb0(%in: f32, %out: f32):
      %145 = arith.addf %in, %out : f32
      linalg.yield %145 : f32
    } -> tensor<2x16x1xf32>
    %54 = linalg.generic {indexing_maps = [#map2, #map2], iterator_types = ["parallel", "parallel", "parallel"]} ins(%53 : tensor<2x16x1xf32>) outs(%9 : tensor<2x16x1xf32>) {
    ^bb0(%in: f32, %out: f32):
      %145 = arith.divf %in, %cst_6 : f32
      linalg.yield %145 : f32
    } -> tensor<2x16x1xf32>
    %collapsed_32 = tensor.collapse_shape %54 [[0], [1, 2]] : tensor<2x16x1xf32> into tensor<2x16xf32>
    %55 = linalg.generic {indexing_maps = [#map5, #map2], iterator_types = ["parallel", "parallel", "parallel"]} ins(%collapsed_32 : tensor<2x16xf32>) outs(%7 : tensor<2x16x64xf32>) {
    ^bb0(%in: f32, %out: f32):
      linalg.yield %in : f32
    } -> tensor<2x16x64xf32>
    %56 = linalg.generic {indexing_maps = [#map2, #map2, #map2], iterator_types = ["parallel", "parallel", "parallel"]} ins(%52, %55 : tensor<2x16x64xf32>, tensor<2x16x64xf32>) outs(%7 : tensor<2x16x64xf32>) {
    ^bb0(%in: f32, %in_72: f32, %out: f32):
      %145 = arith.subf %in, %in_72 : f32
      linalg.yield %145 : f32
    } -> tensor<2x16x64xf32>
    %57 = linalg.generic {indexing_maps = [#map2, #map2, #map2], iterator_types = ["parallel", "parallel", "parallel"]} ins(%56, %56 : tensor<2x16x64xf32>, tensor<2x16x64xf32>) outs(%7 : tensor<2x16x64xf32>) {
    ^bb0(%in: f32, %in_72: f32, %out: f32):
      %145 = arith.mulf %in, %in_72 : f32
      linalg.yield %145 : f32
    } -> tensor<2x16x64xf32>
    %58 = linalg.generic {indexing_maps = [#map2, #map4], iterator_types = ["parallel", "parallel", "reduction"]} ins(%57 : tensor<2x16x64xf32>) outs(%10 : tensor<2x16x1xf32>) {
    ^bb0(%in: f32, %out: f32):
      %145 = arith.addf %in, %out : f32
      linalg.yield %145 : f32
    } -> tensor<2x16x1xf32>
    %59 = linalg.generic {indexing_maps = [#map2, #map2], iterator_types = ["parallel", "parallel", "parallel"]} ins(%58 : tensor<2x16x1xf32>) outs(%9 : tensor<2x16x1xf32>) {
    ^bb0(%in: f32, %out: f32):
      %145 = arith.divf %in, %cst_6 : f32
      linalg.yield %145 : f32
    } -> tensor<2x16x1xf32>
    %60 = linalg.generic {indexing_maps = [#map2, #map2], iterator_types = ["parallel", "parallel", "parallel"]} ins(%59 : tensor<2x16x1xf32>) outs(%9 : tensor<2x16x1xf32>) {
    ^bb0(%in: f32, %out: f32):
      %145 = arith.addf %in, %cst_7 : f32
      linalg.yield %145 : f32
    } -> tensor<2x16x1xf32>
    %61 = linalg.generic {indexing_maps = [#map2, #map2], iterator_types = ["parallel", "parallel", "parallel"]} ins(%60 : tensor<2x16x1xf32>) outs(%9 : tensor<2x16x1xf32>) {
    ^bb0(%in: f32, %out: f32):
      %145 = math.rsqrt %in : f32
      linalg.yield %145 : f32
    } -> tensor<2x16x1xf32>
    %collapsed_33 = tensor.collapse_shape %61 [[0], [1, 2]] : tensor<2x16x1xf32> into tensor<2x16xf32>
    %62 = linalg.generic {indexing_maps = [#map5, #map2], iterator_types = ["parallel", "parallel", "parallel"]} ins(%collapsed_33 : tensor<2x16xf32>) outs(%7 : tensor<2x16x64xf32>) {
    ^bb0(%in: f32, %out: f32):
      linalg.yield %in : f32
    } -> tensor<2x16x64xf32>
    %63 = linalg.generic {indexing_maps = [#map2, #map2, #map2], iterator_types = ["parallel", "parallel", "parallel"]} ins(%56, %62 : tensor<2x16x64xf32>, tensor<2x16x64xf32>) outs(%7 : tensor<2x16x64xf32>) {
    ^bb0(%in: f32, %in_72: f32, %out: f32):
      %145 = arith.mulf %in, %in_72 : f32
      linalg.yield %145 : f32
    } -> tensor<2x16x64xf32>
    %64 = linalg.generic {indexing_maps = [#map2, #map6, #map2], iterator_types = ["parallel", "parallel", "parallel"]} ins(%63, %arg2 : tensor<2x16x64xf32>, tensor<64xf32>) outs(%7 : tensor<2x16x64xf32>) {
    ^bb0(%in: f32, %in_72: f32, %out: f32):
      %145 = arith.mulf %in, %in_72 : f32
      linalg.yield %145 : f32
    } -> tensor<2x16x64xf32>
    %65 = linalg.generic {indexing_maps = [#map2, #map6, #map2], iterator_types = ["parallel", "parallel", "parallel"]} ins(%64, %arg3 : tensor<2x16x64xf32>, tensor<64xf32>) outs(%7 : tensor<2x16x64xf32>) {
    ^bb0(%in: f32, %in_72: f32, %out: f32):
      %145 = arith.addf %in, %in_72 : f32
      linalg.yield %145 : f32
    } -> tensor<2x16x64xf32>
    %collapsed_34 = tensor.collapse_shape %65 [[0, 1], [2]] : tensor<2x16x64xf32> into tensor<32x64xf32>
    %66 = tensor.empty() : tensor<32x256xf32>
    %67 = linalg.fill ins(%cst : f32) outs(%66 : tensor<32x256xf32>) -> tensor<32x256xf32>
    %68 = linalg.matmul ins(%collapsed_34, %arg6 : tensor<32x64xf32>, tensor<64x256xf32>) outs(%67 : tensor<32x256xf32>) -> tensor<32x256xf32>
    %expanded_35 = tensor.expand_shape %68 [[0, 1], [2]] output_shape [2, 16, 256] : tensor<32x256xf32> into tensor<2x16x256xf32>
    %69 = tensor.empty() : tensor<2x16x256xf32>
    %70 = linalg.generic {indexing_maps = [#map2, #map12, #map2], iterator_types = ["parallel", "parallel", "parallel"]} ins(%expanded_35, %cst_1 : tensor<2x16x256xf32>, tensor<f32>) outs(%69 : tensor<2x16x256xf32>) {
    ^bb0(%in: f32, %in_72: f32, %out: f32):
      %145 = arith.mulf %in, %in_72 : f32
      linalg.yield %145 : f32
    } -> tensor<2x16x256xf32>
    %71 = linalg.generic {indexing_maps = [#map2, #map2], iterator_types = ["parallel", "parallel", "parallel"]} ins(%expanded_35 : tensor<2x16x256xf32>) outs(%69 : tensor<2x16x256xf32>) {
    ^bb0(%in: f32, %out: f32):
      %145 = math.fpowi %in, %c3_i64 : f32, i64
      linalg.yield %145 : f32
    } -> tensor<2x16x256xf32>
    %72 = linalg.generic {indexing_maps = [#map2, #map12, #map2], iterator_types = ["parallel", "parallel", "parallel"]} ins(%71, %cst_4 : tensor<2x16x256xf32>, tensor<f32>) outs(%69 : tensor<2x16x256xf32>) {
    ^bb0(%in: f32, %in_72: f32, %out: f32):
      %145 = arith.mulf %in, %in_72 : f32
      linalg.yield %145 : f32
    } -> tensor<2x16x256xf32>
    %73 = linalg.generic {indexing_maps = [#map2, #map2, #map2], iterator_types = ["parallel", "parallel", "parallel"]} ins(%expanded_35, %72 : tensor<2x16x256xf32>, tensor<2x16x256xf32>) outs(%69 : tensor<2x16x256xf32>) {
    ^bb0(%in: f32, %in_72: f32, %out: f32):
      %145 = arith.addf %in, %in_72 : f32
      linalg.yield %145 : f32
    } -> tensor<2x16x256xf32>
    %74 = linalg.generic {indexing_maps = [#map2, #map12, #map2], iterator_types = ["parallel", "parallel", "parallel"]} ins(%73, %cst_5 : tensor<2x16x256xf32>, tensor<f32>) outs(%69 : tensor<2x16x256xf32>) {
    ^bb0(%in: f32, %in_72: f32, %out: f32):
      %145 = arith.mulf %in, %in_72 : f32
      linalg.yield %145 : f32
    } -> tensor<2x16x256xf32>
    %75 = linalg.generic {indexing_maps = [#map2, #map2], iterator_types = ["parallel", "parallel", "parallel"]} ins(%74 : tensor<2x16x256xf32>) outs(%69 : tensor<2x16x256xf32>) {
    ^bb0(%in: f32, %out: f32):
      %145 = math.tanh %in : f32
      linalg.yield %145 : f32
    } -> tensor<2x16x256xf32>
    %76 = linalg.generic {indexing_maps = [#map2, #map12, #map2], iterator_types = ["parallel", "parallel", "parallel"]} ins(%75, %cst_2 : tensor<2x16x256xf32>, tensor<f32>) outs(%69 : tensor<2x16x256xf32>) {
    ^bb0(%in: f32, %in_72: f32, %out: f32):
      %145 = arith.addf %in, %in_72 : f32
      linalg.yield %145 : f32
    } -> tensor<2x16x256xf32>
    %77 = linalg.generic {indexing_maps = [#map2, #map2, #map2], iterator_types = ["parallel", "parallel", "parallel"]} ins(%70, %76 : tensor<2x16x256xf32>, tensor<2x16x256xf32>) outs(%69 : tensor<2x16x256xf32>) {
    ^bb0(%in: f32, %in_72: f32, %out: f32):
      %145 = arith.mulf %in, %in_72 : f32
      linalg.yield %145 : f32
    } -> tensor<2x16x256xf32>
    %collapsed_36 = tensor.collapse_shape %77 [[0, 1], [2]] : tensor<2x16x256xf32> into tensor<32x256xf32>
    %78 = linalg.matmul ins(%collapsed_36, %arg7 : tensor<32x256xf32>, tensor<256x64xf32>) outs(%50 : tensor<32x64xf32>) -> tensor<32x64xf32>
    %expanded_37 = tensor.expand_shape %78 [[0, 1], [2]] output_shape [2, 16, 64] : tensor<32x64xf32> into tensor<2x16x64xf32>
    %79 = linalg.generic {indexing_maps = [#map2, #map2, #map2], iterator_types = ["parallel", "parallel", "parallel"]} ins(%52, %expanded_37 : tensor<2x16x64xf32>, tensor<2x16x64xf32>) outs(%7 : tensor<2x16x64xf32>) {
    ^bb0(%in: f32, %in_72: f32, %out: f32):
      %145 = arith.addf %in, %in_72 : f32
      linalg.yield %145 : f32
    } -> tensor<2x16x64xf32>
    %80 = linalg.generic {indexing_maps = [#map2, #map4], iterator_types = ["parallel", "parallel", "reduction"]} ins(%79 : tensor<2x16x64xf32>) outs(%10 : tensor<2x16x1xf32>) {
    ^bb0(%in: f32, %out: f32):
      %145 = arith.addf %in, %out : f32
      linalg.yield %145 : f32
    } -> tensor<2x16x1xf32>
    %81 = linalg.generic {indexing_maps = [#map2, #map2], iterator_types = ["parallel", "parallel", "parallel"]} ins(%80 : tensor<2x16x1xf32>) outs(%9 : tensor<2x16x1xf32>) {
    ^bb0(%in: f32, %out: f32):
      %145 = arith.divf %in, %cst_6 : f32
      linalg.yield %145 : f32
    } -> tensor<2x16x1xf32>
    %collapsed_38 = tensor.collapse_shape %81 [[0], [1, 2]] : tensor<2x16x1xf32> into tensor<2x16xf32>
    %82 = linalg.generic {indexing_maps = [#map5, #map2], iterator_types = ["parallel", "parallel", "parallel"]} ins(%collapsed_38 : tensor<2x16xf32>) outs(%7 : tensor<2x16x64xf32>) {
    ^bb0(%in: f32, %out: f32):
      linalg.yield %in : f32
    } -> tensor<2x16x64xf32>
    %83 = linalg.generic {indexing_maps = [#map2, #map2, #map2], iterator_types = ["parallel", "parallel", "parallel"]} ins(%79, %82 : tensor<2x16x64xf32>, tensor<2x16x64xf32>) outs(%7 : tensor<2x16x64xf32>) {
    ^bb0(%in: f32, %in_72: f32, %out: f32):
      %145 = arith.subf %in, %in_72 : f32
      linalg.yield %145 : f32
    } -> tensor<2x16x64xf32>
    %84 = linalg.generic {indexing_maps = [#map2, #map2, #map2], iterator_types = ["parallel", "parallel", "parallel"]} ins(%83, %83 : tensor<2x16x64xf32>, tensor<2x16x64xf32>) outs(%7 : tensor<2x16x64xf32>) {
    ^bb0(%in: f32, %in_72: f32, %out: f32):
      %145 = arith.mulf %in, %in_72 : f32
      linalg.yield %145 : f32
    } -> tensor<2x16x64xf32>
    %85 = linalg.generic {indexing_maps = [#map2, #map4], iterator_types = ["parallel", "parallel", "reduction"]} ins(%84 : tensor<2x16x64xf32>) outs(%10 : tensor<2x16x1xf32>) {
    ^bb0(%in: f32, %out: f32):
      %145 = arith.addf %in, %out : f32
      linalg.yield %145 : f32
    } -> tensor<2x16x1xf32>
    %86 = linalg.generic {indexing_maps = [#map2, #map2], iterator_types = ["parallel", "parallel", "parallel"]} ins(%85 : tensor<2x16x1xf32>) outs(%9 : tensor<2x16x1xf32>) {
    ^bb0(%in: f32, %out: f32):
      %145 = arith.divf %in, %cst_6 : f32
      linalg.yield %145 : f32
    } -> tensor<2x16x1xf32>
    %87 = linalg.generic {indexing_maps = [#map2, #map2], iterator_types = ["parallel", "parallel", "parallel"]} ins(%86 : tensor<2x16x1xf32>) outs(%9 : tensor<2x16x1xf32>) {
    ^bb0(%in: f32, %out: f32):
      %145 = arith.addf %in, %cst_7 : f32
      linalg.yield %145 : f32
    } -> tensor<2x16x1xf32>
    %88 = linalg.generic {indexing_maps = [#map2, #map2], iterator_types = ["parallel", "parallel", "parallel"]} ins(%87 : tensor<2x16x1xf32>) outs(%9 : tensor<2x16x1xf32>) {
    ^bb0(%in: f32, %out: f32):
      %145 = math.rsqrt %in : f32
      linalg.yield %145 : f32
    } -> tensor<2x16x1xf32>
    %collapsed_39 = tensor.collapse_shape %88 [[0], [1, 2]] : tensor<2x16x1xf32> into tensor<2x16xf32>
    %89 = linalg.generic {indexing_maps = [#map5, #map2], iterator_types = ["parallel", "parallel", "parallel"]} ins(%collapsed_39 : tensor<2x16xf32>) outs(%7 : tensor<2x16x64xf32>) {
    ^bb0(%in: f32, %out: f32):
      linalg.yield %in : f32
    } -> tensor<2x16x64xf32>
    %90 = linalg.generic {indexing_maps = [#map2, #map2, #map2], iterator_types = ["parallel", "parallel", "parallel"]} ins(%83, %89 : tensor<2x16x64xf32>, tensor<2x16x64xf32>) outs(%7 : tensor<2x16x64xf32>) {
    ^bb0(%in: f32, %in_72: f32, %out: f32):
      %145 = arith.mulf %in, %in_72 : f32
      linalg.yield %145 : f32
    } -> tensor<2x16x64xf32>
    %91 = linalg.generic {indexing_maps = [#map2, #map6, #map2], iterator_types = ["parallel", "parallel", "parallel"]} ins(%90, %arg2 : tensor<2x16x64xf32>, tensor<64xf32>) outs(%7 : tensor<2x16x64xf32>) {
    ^bb0(%in: f32, %in_72: f32, %out: f32):
      %145 = arith.mulf %in, %in_72 : f32
      linalg.yield %145 : f32
    } -> tensor<2x16x64xf32>
    %92 = linalg.generic {indexing_maps = [#map2, #map6, #map2], iterator_types = ["parallel", "parallel", "parallel"]} ins(%91, %arg3 : tensor<2x16x64xf32>, tensor<64xf32>) outs(%7 : tensor<2x16x64xf32>) {
    ^bb0(%in: f32, %in_72: f32, %out: f32):
      %145 = arith.addf %in, %in_72 : f32
      linalg.yield %145 : f32
    } -> tensor<2x16x64xf32>
    %collapsed_40 = tensor.collapse_shape %92 [[0, 1], [2]] : tensor<2x16x64xf32> into tensor<32x64xf32>
    %93 = linalg.matmul ins(%collapsed_40, %arg8 : tensor<32x64xf32>, tensor<64x192xf32>) outs(%25 : tensor<32x192xf32>) -> tensor<32x192xf32>
    %expanded_41 = tensor.expand_shape %93 [[0, 1], [2]] output_shape [2, 16, 192] : tensor<32x192xf32> into tensor<2x16x192xf32>
    %extracted_slice_42 = tensor.extract_slice %expanded_41[0, 0, 0] [2, 16, 64] [1, 1, 1] : tensor<2x16x192xf32> to tensor<2x16x64xf32>
    %extracted_slice_43 = tensor.extract_slice %expanded_41[0, 0, 64] [2, 16, 64] [1, 1, 1] : tensor<2x16x192xf32> to tensor<2x16x64xf32>
    %extracted_slice_44 = tensor.extract_slice %expanded_41[0, 0, 128] [2, 16, 64] [1, 1, 1] : tensor<2x16x192xf32> to tensor<2x16x64xf32>
    %expanded_45 = tensor.expand_shape %extracted_slice_43 [[0], [1], [2, 3]] output_shape [2, 16, 4, 16] : tensor<2x16x64xf32> into tensor<2x16x4x16xf32>
    %transposed_46 = linalg.transpose ins(%expanded_45 : tensor<2x16x4x16xf32>) outs(%27 : tensor<2x4x16x16xf32>) permutation = [0, 2, 1, 3] 
    %expanded_47 = tensor.expand_shape %extracted_slice_44 [[0], [1], [2, 3]] output_shape [2, 16, 4, 16] : tensor<2x16x64xf32> into tensor<2x16x4x16xf32>
    %transposed_48 = linalg.transpose ins(%expanded_47 : tensor<2x16x4x16xf32>) outs(%27 : tensor<2x4x16x16xf32>) permutation = [0, 2, 1, 3] 
    %expanded_49 = tensor.expand_shape %extracted_slice_42 [[0], [1], [2, 3]] output_shape [2, 16, 4, 16] : tensor<2x16x64xf32> into tensor<2x16x4x16xf32>
    %transposed_50 = linalg.transpose ins(%expanded_49 : tensor<2x16x4x16xf32>) outs(%27 : tensor<2x4x16x16xf32>) permutation = [0, 2, 1, 3] 
    %collapsed_51 = tensor.collapse_shape %transposed_46 [[0, 1], [2], [3]] : tensor<2x4x16x16xf32> into tensor<8x16x16xf32>
    %transposed_52 = linalg.transpose ins(%collapsed_51 : tensor<8x16x16xf32>) outs(%28 : tensor<8x16x16xf32>) permutation = [0, 2, 1] 
    %expanded_53 = tensor.expand_shape %transposed_52 [[0, 1], [2], [3]] output_shape [2, 4, 16, 16] : tensor<8x16x16xf32> into tensor<2x4x16x16xf32>
    %94 = linalg.generic {indexing_maps = [#map7, #map8, #map7], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%transposed_50, %cst_1 : tensor<2x4x16x16xf32>, tensor<f32>) outs(%27 : tensor<2x4x16x16xf32>) {
    ^bb0(%in: f32, %in_72: f32, %out: f32):
      %145 = arith.mulf %in, %in_72 : f32
      linalg.yield %145 : f32
    } -> tensor<2x4x16x16xf32>
    %95 = linalg.generic {indexing_maps = [#map7, #map8, #map7], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%expanded_53, %cst_1 : tensor<2x4x16x16xf32>, tensor<f32>) outs(%27 : tensor<2x4x16x16xf32>) {
    ^bb0(%in: f32, %in_72: f32, %out: f32):
      %145 = arith.mulf %in, %in_72 : f32
      linalg.yield %145 : f32
    } -> tensor<2x4x16x16xf32>
    %collapsed_54 = tensor.collapse_shape %94 [[0, 1], [2], [3]] : tensor<2x4x16x16xf32> into tensor<8x16x16xf32>
    %collapsed_55 = tensor.collapse_shape %95 [[0, 1], [2], [3]] : tensor<2x4x16x16xf32> into tensor<8x16x16xf32>
    %96 = linalg.batch_matmul ins(%collapsed_54, %collapsed_55 : tensor<8x16x16xf32>, tensor<8x16x16xf32>) outs(%31 : tensor<8x16x16xf32>) -> tensor<8x16x16xf32>
    %expanded_56 = tensor.expand_shape %96 [[0, 1], [2], [3]] output_shape [2, 4, 16, 16] : tensor<8x16x16xf32> into tensor<2x4x16x16xf32>
    %97 = linalg.generic {indexing_maps = [#map7, #map9, #map7], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%expanded_56, %arg13 : tensor<2x4x16x16xf32>, tensor<2x1x16x16xf32>) outs(%27 : tensor<2x4x16x16xf32>) {
    ^bb0(%in: f32, %in_72: f32, %out: f32):
      %145 = arith.addf %in, %in_72 : f32
      linalg.yield %145 : f32
    } -> tensor<2x4x16x16xf32>
    %98:2 = linalg.generic {indexing_maps = [#map7, #map10, #map10], iterator_types = ["parallel", "parallel", "parallel", "reduction"]} ins(%97 : tensor<2x4x16x16xf32>) outs(%37, %35 : tensor<2x4x16xf32>, tensor<2x4x16xi64>) {
    ^bb0(%in: f32, %out: f32, %out_72: i64):
      %145 = linalg.index 3 : index
      %146 = arith.index_cast %145 : index to i64
      %147 = arith.maximumf %in, %out : f32
      %148 = arith.cmpf ogt, %in, %out : f32
      %149 = arith.select %148, %146, %out_72 : i64
      linalg.yield %147, %149 : f32, i64
    } -> (tensor<2x4x16xf32>, tensor<2x4x16xi64>)
    %expanded_57 = tensor.expand_shape %98#0 [[0], [1], [2, 3]] output_shape [2, 4, 16, 1] : tensor<2x4x16xf32> into tensor<2x4x16x1xf32>
    %99 = linalg.generic {indexing_maps = [#map7, #map11, #map7], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%97, %expanded_57 : tensor<2x4x16x16xf32>, tensor<2x4x16x1xf32>) outs(%27 : tensor<2x4x16x16xf32>) {
    ^bb0(%in: f32, %in_72: f32, %out: f32):
      %145 = arith.subf %in, %in_72 : f32
      linalg.yield %145 : f32
    } -> tensor<2x4x16x16xf32>
    %100 = linalg.generic {indexing_maps = [#map7, #map7], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%99 : tensor<2x4x16x16xf32>) outs(%27 : tensor<2x4x16x16xf32>) {
    ^bb0(%in: f32, %out: f32):
      %145 = math.exp %in : f32
      linalg.yield %145 : f32
    } -> tensor<2x4x16x16xf32>
    %101 = linalg.generic {indexing_maps = [#map7, #map11], iterator_types = ["parallel", "parallel", "parallel", "reduction"]} ins(%100 : tensor<2x4x16x16xf32>) outs(%42 : tensor<2x4x16x1xf32>) {
    ^bb0(%in: f32, %out: f32):
      %145 = arith.addf %in, %out : f32
      linalg.yield %145 : f32
    } -> tensor<2x4x16x1xf32>
    %102 = linalg.generic {indexing_maps = [#map7, #map11, #map7], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%100, %101 : tensor<2x4x16x16xf32>, tensor<2x4x16x1xf32>) outs(%27 : tensor<2x4x16x16xf32>) {
    ^bb0(%in: f32, %in_72: f32, %out: f32):
      %145 = arith.divf %in, %in_72 : f32
      linalg.yield %145 : f32
    } -> tensor<2x4x16x16xf32>
    %103 = linalg.generic {indexing_maps = [#map7, #map7, #map7], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%102, %102 : tensor<2x4x16x16xf32>, tensor<2x4x16x16xf32>) outs(%45 : tensor<2x4x16x16xi1>) {
    ^bb0(%in: f32, %in_72: f32, %out: i1):
      %145 = arith.cmpf une, %in, %in_72 : f32
      linalg.yield %145 : i1
    } -> tensor<2x4x16x16xi1>
    %104 = linalg.generic {indexing_maps = [#map7, #map8, #map7, #map7], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%103, %cst_3, %102 : tensor<2x4x16x16xi1>, tensor<f32>, tensor<2x4x16x16xf32>) outs(%27 : tensor<2x4x16x16xf32>) {
    ^bb0(%in: i1, %in_72: f32, %in_73: f32, %out: f32):
      %145 = arith.select %in, %in_72, %in_73 : f32
      linalg.yield %145 : f32
    } -> tensor<2x4x16x16xf32>
    %collapsed_58 = tensor.collapse_shape %104 [[0, 1], [2], [3]] : tensor<2x4x16x16xf32> into tensor<8x16x16xf32>
    %collapsed_59 = tensor.collapse_shape %transposed_48 [[0, 1], [2], [3]] : tensor<2x4x16x16xf32> into tensor<8x16x16xf32>
    %105 = linalg.batch_matmul ins(%collapsed_58, %collapsed_59 : tensor<8x16x16xf32>, tensor<8x16x16xf32>) outs(%31 : tensor<8x16x16xf32>) -> tensor<8x16x16xf32>
    %expanded_60 = tensor.expand_shape %105 [[0, 1], [2], [3]] output_shape [2, 4, 16, 16] : tensor<8x16x16xf32> into tensor<2x4x16x16xf32>
    %transposed_61 = linalg.transpose ins(%expanded_60 : tensor<2x4x16x16xf32>) outs(%49 : tensor<2x16x4x16xf32>) permutation = [0, 2, 1, 3] 
    %collapsed_62 = tensor.collapse_shape %transposed_61 [[0, 1], [2, 3]] : tensor<2x16x4x16xf32> into tensor<32x64xf32>
    %106 = linalg.matmul ins(%collapsed_62, %arg9 : tensor<32x64xf32>, tensor<64x64xf32>) outs(%50 : tensor<32x64xf32>) -> tensor<32x64xf32>
    %expanded_63 = tensor.expand_shape %106 [[0, 1], [2]] output_shape [2, 16, 64] : tensor<32x64xf32> into tensor<2x16x64xf32>
    %107 = linalg.generic {indexing_maps = [#map2, #map2, #map2], iterator_types = ["parallel", "parallel", "parallel"]} ins(%expanded_63, %79 : tensor<2x16x64xf32>, tensor<2x16x64xf32>) outs(%7 : tensor<2x16x64xf32>) {
    ^bb0(%in: f32, %in_72: f32, %out: f32):
      %145 = arith.addf %in, %in_72 : f32
      linalg.yield %145 : f32
    } -> tensor<2x16x64xf32>
    %108 = linalg.generic {indexing_maps = [#map2, #map4], iterator_types = ["parallel", "parallel", "reduction"]} ins(%107 : tensor<2x16x64xf32>) outs(%10 : tensor<2x16x1xf32>) {
    ^bb0(%in: f32, %out: f32):
      %145 = arith.addf %in, %out : f32
      linalg.yield %145 : f32
    } -> tensor<2x16x1xf32>
    %109 = linalg.generic {indexing_maps = [#map2, #map2], iterator_types = ["parallel", "parallel", "parallel"]} ins(%108 : tensor<2x16x1xf32>) outs(%9 : tensor<2x16x1xf32>) {
    ^bb0(%in: f32, %out: f32):
      %145 = arith.divf %in, %cst_6 : f32
      linalg.yield %145 : f32
    } -> tensor<2x16x1xf32>
    %collapsed_64 = tensor.collapse_shape %109 [[0], [1, 2]] : tensor<2x16x1xf32> into tensor<2x16xf32>
    %110 = linalg.generic {indexing_maps = [#map5, #map2], iterator_types = ["parallel", "parallel", "parallel"]} ins(%collapsed_64 : tensor<2x16xf32>) outs(%7 : tensor<2x16x64xf32>) {
    ^bb0(%in: f32, %out: f32):
      linalg.yield %in : f32
    } -> tensor<2x16x64xf32>
    %111 = linalg.generic {indexing_maps = [#map2, #map2, #map2], iterator_types = ["parallel", "parallel", "parallel"]} ins(%107, %110 : tensor<2x16x64xf32>, tensor<2x16x64xf32>) outs(%7 : tensor<2x16x64xf32>) {
    ^bb0(%in: f32, %in_72: f32, %out: f32):
      %145 = arith.subf %in, %in_72 : f32
      linalg.yield %145 : f32
    } -> tensor<2x16x64xf32>
    %112 = linalg.generic {indexing_maps = [#map2, #map2, #map2], iterator_types = ["parallel", "parallel", "parallel"]} ins(%111, %111 : tensor<2x16x64xf32>, tensor<2x16x64xf32>) outs(%7 : tensor<2x16x64xf32>) {
    ^bb0(%in: f32, %in_72: f32, %out: f32):
      %145 = arith.mulf %in, %in_72 : f32
      linalg.yield %145 : f32
    } -> tensor<2x16x64xf32>
    %113 = linalg.generic {indexing_maps = [#map2, #map4], iterator_types = ["parallel", "parallel", "reduction"]} ins(%112 : tensor<2x16x64xf32>) outs(%10 : tensor<2x16x1xf32>) {
    ^bb0(%in: f32, %out: f32):
      %145 = arith.addf %in, %out : f32
      linalg.yield %145 : f32
    } -> tensor<2x16x1xf32>
    %114 = linalg.generic {indexing_maps = [#map2, #map2], iterator_types = ["parallel", "parallel", "parallel"]} ins(%113 : tensor<2x16x1xf32>) outs(%9 : tensor<2x16x1xf32>) {
    ^bb0(%in: f32, %out: f32):
      %145 = arith.divf %in, %cst_6 : f32
      linalg.yield %145 : f32
    } -> tensor<2x16x1xf32>
    %115 = linalg.generic {indexing_maps = [#map2, #map2], iterator_types = ["parallel", "parallel", "parallel"]} ins(%114 : tensor<2x16x1xf32>) outs(%9 : tensor<2x16x1xf32>) {
    ^bb0(%in: f32, %out: f32):
      %145 = arith.addf %in, %cst_7 : f32
      linalg.yield %145 : f32
    } -> tensor<2x16x1xf32>
    %116 = linalg.generic {indexing_maps = [#map2, #map2], iterator_types = ["parallel", "parallel", "parallel"]} ins(%115 : tensor<2x16x1xf32>) outs(%9 : tensor<2x16x1xf32>) {
    ^bb0(%in: f32, %out: f32):
      %145 = math.rsqrt %in : f32
      linalg.yield %145 : f32
    } -> tensor<2x16x1xf32>
    %collapsed_65 = tensor.collapse_shape %116 [[0], [1, 2]] : tensor<2x16x1xf32> into tensor<2x16xf32>
    %117 = linalg.generic {indexing_maps = [#map5, #map2], iterator_types = ["parallel", "parallel", "parallel"]} ins(%collapsed_65 : tensor<2x16xf32>) outs(%7 : tensor<2x16x64xf32>) {
    ^bb0(%in: f32, %out: f32):
      linalg.yield %in : f32
    } -> tensor<2x16x64xf32>
    %118 = linalg.generic {indexing_maps = [#map2, #map2, #map2], iterator_types = ["parallel", "parallel", "parallel"]} ins(%111, %117 : tensor<2x16x64xf32>, tensor<2x16x64xf32>) outs(%7 : tensor<2x16x64xf32>) {
    ^bb0(%in: f32, %in_72: f32, %out: f32):
      %145 = arith.mulf %in, %in_72 : f32
      linalg.yield %145 : f32
    } -> tensor<2x16x64xf32>
    %119 = linalg.generic {indexing_maps = [#map2, #map6, #map2], iterator_types = ["parallel", "parallel", "parallel"]} ins(%118, %arg2 : tensor<2x16x64xf32>, tensor<64xf32>) outs(%7 : tensor<2x16x64xf32>) {
    ^bb0(%in: f32, %in_72: f32, %out: f32):
      %145 = arith.mulf %in, %in_72 : f32
      linalg.yield %145 : f32
    } -> tensor<2x16x64xf32>
    %120 = linalg.generic {indexing_maps = [#map2, #map6, #map2], iterator_types = ["parallel", "parallel", "parallel"]} ins(%119, %arg3 : tensor<2x16x64xf32>, tensor<64xf32>) outs(%7 : tensor<2x16x64xf32>) {
    ^bb0(%in: f32, %in_72: f32, %out: f32):
      %145 = arith.addf %in, %in_72 : f32
      linalg.yield %145 : f32
    } -> tensor<2x16x64xf32>
    %collapsed_66 = tensor.collapse_shape %120 [[0, 1], [2]] : tensor<2x16x64xf32> into tensor<32x64xf32>
    %121 = linalg.matmul ins(%collapsed_66, %arg10 : tensor<32x64xf32>, tensor<64x256xf32>) outs(%67 : tensor<32x256xf32>) -> tensor<32x256xf32>
    %expanded_67 = tensor.expand_shape %121 [[0, 1], [2]] output_shape [2, 16, 256] : tensor<32x256xf32> into tensor<2x16x256xf32>
    %122 = linalg.generic {indexing_maps = [#map2, #map12, #map2], iterator_types = ["parallel", "parallel", "parallel"]} ins(%expanded_67, %cst_1 : tensor<2x16x256xf32>, tensor<f32>) outs(%69 : tensor<2x16x256xf32>) {
    ^bb0(%in: f32, %in_72: f32, %out: f32):
      %145 = arith.mulf %in, %in_72 : f32
      linalg.yield %145 : f32
    } -> tensor<2x16x256xf32>
    %123 = linalg.generic {indexing_maps = [#map2, #map2], iterator_types = ["parallel", "parallel", "parallel"]} ins(%expanded_67 : tensor<2x16x256xf32>) outs(%69 : tensor<2x16x256xf32>) {
    ^bb0(%in: f32, %out: f32):
      %145 = math.fpowi %in, %c3_i64 : f32, i64
      linalg.yield %145 : f32
    } -> tensor<2x16x256xf32>
    %124 = linalg.generic {indexing_maps = [#map2, #map12, #map2], iterator_types = ["parallel", "parallel", "parallel"]} ins(%123, %cst_4 : tensor<2x16x256xf32>, tensor<f32>) outs(%69 : tensor<2x16x256xf32>) {
    ^bb0(%in: f32, %in_72: f32, %out: f32):
      %145 = arith.mulf %in, %in_72 : f32
      linalg.yield %145 : f32
    } -> tensor<2x16x256xf32>
    %125 = linalg.generic {indexing_maps = [#map2, #map2, #map2], iterator_types = ["parallel", "parallel", "parallel"]} ins(%expanded_67, %124 : tensor<2x16x256xf32>, tensor<2x16x256xf32>) outs(%69 : tensor<2x16x256xf32>) {
    ^bb0(%in: f32, %in_72: f32, %out: f32):
      %145 = arith.addf %in, %in_72 : f32
      linalg.yield %145 : f32
    } -> tensor<2x16x256xf32>
    %126 = linalg.generic {indexing_maps = [#map2, #map12, #map2], iterator_types = ["parallel", "parallel", "parallel"]} ins(%125, %cst_5 : tensor<2x16x256xf32>, tensor<f32>) outs(%69 : tensor<2x16x256xf32>) {
    ^bb0(%in: f32, %in_72: f32, %out: f32):
      %145 = arith.mulf %in, %in_72 : f32
      linalg.yield %145 : f32
    } -> tensor<2x16x256xf32>
    %127 = linalg.generic {indexing_maps = [#map2, #map2], iterator_types = ["parallel", "parallel", "parallel"]} ins(%126 : tensor<2x16x256xf32>) outs(%69 : tensor<2x16x256xf32>) {
    ^bb0(%in: f32, %out: f32):
      %145 = math.tanh %in : f32
      linalg.yield %145 : f32
    } -> tensor<2x16x256xf32>
    %128 = linalg.generic {indexing_maps = [#map2, #map12, #map2], iterator_types = ["parallel", "parallel", "parallel"]} ins(%127, %cst_2 : tensor<2x16x256xf32>, tensor<f32>) outs(%69 : tensor<2x16x256xf32>) {
    ^bb0(%in: f32, %in_72: f32, %out: f32):
      %145 = arith.addf %in, %in_72 : f32
      linalg.yield %145 : f32
    } -> tensor<2x16x256xf32>
    %129 = linalg.generic {indexing_maps = [#map2, #map2, #map2], iterator_types = ["parallel", "parallel", "parallel"]} ins(%122, %128 : tensor<2x16x256xf32>, tensor<2x16x256xf32>) outs(%69 : tensor<2x16x256xf32>) {
    ^bb0(%in: f32, %in_72: f32, %out: f32):
      %145 = arith.mulf %in, %in_72 : f32
      linalg.yield %145 : f32
    } -> tensor<2x16x256xf32>
    %collapsed_68 = tensor.collapse_shape %129 [[0, 1], [2]] : tensor<2x16x256xf32> into tensor<32x256xf32>
    %130 = linalg.matmul ins(%collapsed_68, %arg11 : tensor<32x256xf32>, tensor<256x64xf32>) outs(%50 : tensor<32x64xf32>) -> tensor<32x64xf32>
    %expanded_69 = tensor.expand_shape %130 [[0, 1], [2]] output_shape [2, 16, 64] : tensor<32x64xf32> into tensor<2x16x64xf32>
    %131 = linalg.generic {indexing_maps = [#map2, #map2, #map2], iterator_types = ["parallel", "parallel", "parallel"]} ins(%107, %expanded_69 : tensor<2x16x64xf32>, tensor<2x16x64xf32>) outs(%7 : tensor<2x16x64xf32>) {
    ^bb0(%in: f32, %in_72: f32, %out: f32):
      %145 = arith.addf %in, %in_72 : f32
      linalg.yield %145 : f32
    } -> tensor<2x16x64xf32>
    %132 = linalg.generic {indexing_maps = [#map2, #map4], iterator_types = ["parallel", "parallel", "reduction"]} ins(%131 : tensor<2x16x64xf32>) outs(%10 : tensor<2x16x1xf32>) {
    ^bb0(%in: f32, %out: f32):
      %145 = arith.addf %in, %out : f32
      linalg.yield %145 : f32
    } -> tensor<2x16x1xf32>
    %133 = linalg.generic {indexing_maps = [#map2, #map2], iterator_types = ["parallel", "parallel", "parallel"]} ins(%132 : tensor<2x16x1xf32>) outs(%9 : tensor<2x16x1xf32>) {
    ^bb0(%in: f32, %out: f32):
      %145 = arith.divf %in, %cst_6 : f32
      linalg.yield %145 : f32
    } -> tensor<2x16x1xf32>
    %collapsed_70 = tensor.collapse_shape %133 [[0], [1, 2]] : tensor<2x16x1xf32> into tensor<2x16xf32>
    %134 = linalg.generic {indexing_maps = [#map5, #map2], iterator_types = ["parallel", "parallel", "parallel"]} ins(%collapsed_70 : tensor<2x16xf32>) outs(%7 : tensor<2x16x64xf32>) {
    ^bb0(%in: f32, %out: f32):
      linalg.yield %in : f32
    } -> tensor<2x16x64xf32>
    %135 = linalg.generic {indexing_maps = [#map2, #map2, #map2], iterator_types = ["parallel", "parallel", "parallel"]} ins(%131, %134 : tensor<2x16x64xf32>, tensor<2x16x64xf32>) outs(%7 : tensor<2x16x64xf32>) {
    ^bb0(%in: f32, %in_72: f32, %out: f32):
      %145 = arith.subf %in, %in_72 : f32
      linalg.yield %145 : f32
    } -> tensor<2x16x64xf32>
    %136 = linalg.generic {indexing_maps = [#map2, #map2, #map2], iterator_types = ["parallel", "parallel", "parallel"]} ins(%135, %135 : tensor<2x16x64xf32>, tensor<2x16x64xf32>) outs(%7 : tensor<2x16x64xf32>) {
    ^bb0(%in: f32, %in_72: f32, %out: f32):
      %145 = arith.mulf %in, %in_72 : f32
      linalg.yield %145 : f32
    } -> tensor<2x16x64xf32>
    %137 = linalg.generic {indexing_maps = [#map2, #map4], iterator_types = ["parallel", "parallel", "reduction"]} ins(%136 : tensor<2x16x64xf32>) outs(%10 : tensor<2x16x1xf32>) {
    ^bb0(%in: f32, %out: f32):
      %145 = arith.addf %in, %out : f32
      linalg.yield %145 : f32
    } -> tensor<2x16x1xf32>
    %138 = linalg.generic {indexing_maps = [#map2, #map2], iterator_types = ["parallel", "parallel", "parallel"]} ins(%137 : tensor<2x16x1xf32>) outs(%9 : tensor<2x16x1xf32>) {
    ^bb0(%in: f32, %out: f32):
      %145 = arith.divf %in, %cst_6 : f32
      linalg.yield %145 : f32
    } -> tensor<2x16x1xf32>
    %139 = linalg.generic {indexing_maps = [#map2, #map2], iterator_types = ["parallel", "parallel", "parallel"]} ins(%138 : tensor<2x16x1xf32>) outs(%9 : tensor<2x16x1xf32>) {
    ^bb0(%in: f32, %out: f32):
      %145 = arith.addf %in, %cst_7 : f32
      linalg.yield %145 : f32
    } -> tensor<2x16x1xf32>
    %140 = linalg.generic {indexing_maps = [#map2, #map2], iterator_types = ["parallel", "parallel", "parallel"]} ins(%139 : tensor<2x16x1xf32>) outs(%9 : tensor<2x16x1xf32>) {
    ^bb0(%in: f32, %out: f32):
      %145 = math.rsqrt %in : f32
      linalg.yield %145 : f32
    } -> tensor<2x16x1xf32>
    %collapsed_71 = tensor.collapse_shape %140 [[0], [1, 2]] : tensor<2x16x1xf32> into tensor<2x16xf32>
    %141 = linalg.generic {indexing_maps = [#map5, #map2], iterator_types = ["parallel", "parallel", "parallel"]} ins(%collapsed_71 : tensor<2x16xf32>) outs(%7 : tensor<2x16x64xf32>) {
    ^bb0(%in: f32, %out: f32):
      linalg.yield %in : f32
    } -> tensor<2x16x64xf32>
    %142 = linalg.generic {indexing_maps = [#map2, #map2, #map2], iterator_types = ["parallel", "parallel", "parallel"]} ins(%135, %141 : tensor<2x16x64xf32>, tensor<2x16x64xf32>) outs(%7 : tensor<2x16x64xf32>) {
    ^bb0(%in: f32, %in_72: f32, %out: f32):
      %145 = arith.mulf %in, %in_72 : f32
      linalg.yield %145 : f32
    } -> tensor<2x16x64xf32>
    %143 = linalg.generic {indexing_maps = [#map2, #map6, #map2], iterator_types = ["parallel", "parallel", "parallel"]} ins(%142, %arg2 : tensor<2x16x64xf32>, tensor<64xf32>) outs(%7 : tensor<2x16x64xf32>) {
    ^bb0(%in: f32, %in_72: f32, %out: f32):
      %145 = arith.mulf %in, %in_72 : f32
      linalg.yield %145 : f32
    } -> tensor<2x16x64xf32>
    %144 = linalg.generic {indexing_maps = [#map2, #map6, #map2], iterator_types = ["parallel", "parallel", "parallel"]} ins(%143, %arg3 : tensor<2x16x64xf32>, tensor<64xf32>) outs(%7 : tensor<2x16x64xf32>) {
    ^bb0(%in: f32, %in_72: f32, %out: f32):
      %145 = arith.addf %in, %in_72 : f32
      linalg.yield %145 : f32
    } -> tensor<2x16x64xf32>
    return %144 : tensor<2x16x64xf32>
  }
}

