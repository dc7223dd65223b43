// RUN: norm-opt %s --norm-record-signature --split-input-file --verify-diagnostics

// expected-error @+1 {{'unranked': argument 0 of type 'tensor<*xf32>' is neither a ranked tensor nor a scalar}}
func.func @unranked(%x: tensor<*xf32>) {
  return
}

// -----

// expected-error @+1 {{'bits': argument 1 of type 'tensor<4xi1>' has no C counterpart}}
func.func @bits(%x: tensor<4xf32>, %mask: tensor<4xi1>) -> tensor<4xf32> {
  return %x : tensor<4xf32>
}

// -----

// expected-error @+1 {{'vector': argument 0 of type 'vector<4xf32>' is neither a ranked tensor nor a scalar}}
func.func @vector(%x: vector<4xf32>) -> vector<4xf32> {
  return %x : vector<4xf32>
}

// -----

// expected-error @+1 {{has more bytes than 64 bits can count}}
func.func @huge(%x: tensor<4611686018427387904x2xf32>) {
  return
}

// -----

// expected-error @+1 {{'data_dependent': result 0 of type 'tensor<?xf32>': the size of dim 0 does not follow from the sizes of the arguments}}
func.func @data_dependent(%x: tensor<8xf32>, %n: index) -> tensor<?xf32> {
  %s = tensor.extract_slice %x[0] [%n] [1] : tensor<8xf32> to tensor<?xf32>
  return %s : tensor<?xf32>
}

// -----

func.func @conflict(%x: tensor<?xf32>) -> (tensor<4xf32>, tensor<5xf32>) {
  %a = tensor.cast %x : tensor<?xf32> to tensor<4xf32>
  // expected-error @+1 {{needs two sizes to be equal that are 5 and 4}}
  %b = tensor.cast %x : tensor<?xf32> to tensor<5xf32>
  return %a, %b : tensor<4xf32>, tensor<5xf32>
}

// -----

// expected-error @+1 {{has control flow between blocks}}
func.func @blocks(%x: tensor<?xf32>) -> tensor<?xf32> {
  cf.br ^next(%x : tensor<?xf32>)
^next(%y: tensor<?xf32>):
  return %y : tensor<?xf32>
}

// -----

func.func @constant_element(%x: tensor<4xf32>) -> f32 {
  %i = arith.constant 4 : index
  // expected-error @+1 {{'tensor.extract' op accesses elements outside of its tensor}}
  %e = tensor.extract %x[%i] : tensor<4xf32>
  return %e : f32
}

// -----

func.func @data_dependent_element(%x: tensor<?xf32>, %i: tensor<2xi64>) -> f32 {
  %c0 = arith.constant 0 : index
  %v = tensor.extract %i[%c0] : tensor<2xi64>
  %p = arith.index_cast %v : i64 to index
  // expected-error @+1 {{'tensor.extract' op may access elements outside of its tensor: nothing that is known when the kernel is called says where}}
  %e = tensor.extract %x[%p] : tensor<?xf32>
  return %e : f32
}
