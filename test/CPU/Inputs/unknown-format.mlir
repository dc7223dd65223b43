func.func @f(%x: f8E4M3FNUZ) -> f32 {
  %y = arith.extf %x : f8E4M3FNUZ to f32
  return %y : f32
}
