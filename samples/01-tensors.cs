#:project ../src/Adjoint/Adjoint.csproj
// Tensors: build values, read them. Building computes nothing; printing computes what is needed.
// expect: ^\[5 7 9\]$
// expect: ^\[\[2 3 4\]$

Tensor x = new[] { 1, 2, 3 };
Console.WriteLine(2 * x + 3);

Tensor rows = Tensor.Ones([2, 1]);
Console.WriteLine(rows + x);
