using System.Globalization;
using Adjoint;
using Adjoint.Formats;

// Arguments: the file, the number of elements. Every checkpoint holds one number everywhere, which its metadata and
// then a line of output repeat.
string path = args[0];
var values = new double[int.Parse(args[1], CultureInfo.InvariantCulture)];
long generation = long.Parse(Safetensors.Read(path).Metadata["generation"], CultureInfo.InvariantCulture);
for (; ; )
{
    generation++;
    Array.Fill(values, generation);
    var checkpoint = new Dictionary<string, Tensor> { ["weights"] = Tensor.View<double>([values.Length], values) };
    var metadata = new Dictionary<string, string> { ["generation"] = generation.ToString(CultureInfo.InvariantCulture) };
    Safetensors.Write(path, checkpoint, metadata, overwrite: true);
    Console.Out.WriteLine(generation);
}
