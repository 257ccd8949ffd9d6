#:project ../src/Adjoint.Learning/Adjoint.Learning.csproj
// A language model of characters with causal attention, on any text file: dotnet run -c Release samples/08-characters.cs [FILE [STEPS]]
// Without a file it reads this project's own source. The result is in bits per character: without a model a character costs log2 of their number.
// expect: ^after 150 steps: [23]\.[0-9]+ bits per character, [67]\.[0-9]+ without a model$
using Adjoint.Learning;

string text = args.Length > 0 ? File.ReadAllText(args[0])
    : string.Concat(Directory.EnumerateFiles("src/Adjoint/Vocabulary", "*.cs").Order(StringComparer.Ordinal).Select(File.ReadAllText));
int steps = args.Length > 1 ? int.Parse(args[1]) : 150;
const int length = 48, size = 64;

var vocabulary = CharacterVocabulary.Of(text);
var data = CharacterVocabulary.Windows(vocabulary.Encode(text), length);
var (train, _, test) = data.Split(validation: 0.0, test: 0.1);

var keys = Key.Of(2).Split(5);
var model = Sequential.Of(
    Embedding.Create(keys[0], vocabulary.Count, size, new NormalInitializer(0.02)), PositionEmbedding.Create(keys[1], length, size),
    TransformerBlock.Create(keys[2], size, heads: 4, causal: true), TransformerBlock.Create(keys[3], size, heads: 4, causal: true),
    Dense.Create(keys[4], size, vocabulary.Count));

Tensor Bits(Sequential m, Batch batch) => Loss.CrossEntropy(m.Apply(batch.Inputs).Reshape([-1, vocabulary.Count]), batch.Targets.Flatten()) / Math.Log(2);
var trainer = Compile((Learner<Sequential> state, Batch batch) =>
{
    var (loss, slope) = ValueAndGradient(state.Model, m => Bits(m, batch));
    return (state.Step(slope), loss);
}, new AdamW(3e-3).Start(model));

var batches = Enumerable.Range(0, int.MaxValue).SelectMany(epoch => train.Batches(16, Key.Of(epoch)).Where(b => b.Count == 16));
foreach (var (step, batch) in batches.Take(steps).Index())
{
    double loss = trainer.Next(batch).ToScalar();
    if (step % 50 == 0) Console.WriteLine($"step {step}: {loss:0.00} bits per character");
}
double bits = test.Batches(16).Average(batch => Bits(trainer.State.Model, batch).ToScalar());
Console.WriteLine(FormattableString.Invariant($"after {steps} steps: {bits:0.00} bits per character, {Math.Log2(vocabulary.Count):0.00} without a model"));

// A sample of what it has learnt: the next character drawn from the model, again and again.
string written = text[..length];
for (int i = 0; i < 120; i++)
{
    var logits = trainer.State.Model.Apply(vocabulary.Encode(written[^length..]).ExpandAxis(0))[0, ^1];
    written += vocabulary.Decode(Key.Of(i).Categorical(logits / 0.7).Reshape([1]));
}
Console.WriteLine(written[length..].ReplaceLineEndings(" "));
