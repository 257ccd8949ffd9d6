#:project ../src/Adjoint/Adjoint.csproj
// Tensors: build values, read them. Building computes nothing; printing computes what is needed.
// expect: ^\[5 7 9\]$
// expect: ^ \[5 6 7\]\]$
// expect: ^\[\[0 2\]$
// expect: ^the same numbers everywhere: \[0\.86995137 0\.4124952 

Tensor x = [1, 2, 3];                                   // int32, as in an array; [1.0, 2.0] is float64, factories make float32
Console.WriteLine(2 * x + 3);

Tensor column = [[1], [4]];
Console.WriteLine(column + x);                          // NumPy's broadcasting; using (Strict.Scope()) refuses it

Tensor table = Tensor.Arange(12).Reshape([3, 4]);
Console.WriteLine(table[..^1, (0..3).Step(2)]);         // ranges with steps, indices from the end, index tensors, masks
Console.WriteLine(table[1, ^1]);                        // a scalar: a tensor of rank 0
Console.WriteLine(table[table > 8]);
Console.WriteLine(table.With(0, [0, 0, 0, 0]).Sum(0));  // nothing changes in place: a new tensor

Console.WriteLine($"the same numbers everywhere: {Key.Of(7).Uniform([3])}");
double[] back = (x / 2).ToArray();
Console.WriteLine(string.Join(", ", back));
