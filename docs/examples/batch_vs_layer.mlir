// Two normalizations of the same input. Batch norm takes mean and variance of
// each feature (a column) over the batch, layer norm those of each sample (a
// row) over its features.
func.func @batch_norm(%x: tensor<?x5xf32>)
    -> (tensor<?x5xf32>, tensor<5xf32>, tensor<5xf32>) {
  %y, %mean, %variance = norm.batch_norm_training %x channel_axis 1
      epsilon 1.0e-5
      : (tensor<?x5xf32>) -> (tensor<?x5xf32>, tensor<5xf32>, tensor<5xf32>)
  return %y, %mean, %variance : tensor<?x5xf32>, tensor<5xf32>, tensor<5xf32>
}

func.func @layer_norm(%x: tensor<?x5xf32>)
    -> (tensor<?x5xf32>, tensor<?xf32>, tensor<?xf32>) {
  %y, %mean, %rstd = norm.layer_norm %x axes [1] epsilon 1.0e-5
      : (tensor<?x5xf32>) -> (tensor<?x5xf32>, tensor<?xf32>, tensor<?xf32>)
  return %y, %mean, %rstd : tensor<?x5xf32>, tensor<?xf32>, tensor<?xf32>
}
