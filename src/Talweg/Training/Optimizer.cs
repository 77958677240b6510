using System.Text.Json;
using System.Text.Json.Serialization;
using Talweg.Training.Updates;

namespace Talweg.Training;

/// <summary>How weights follow the gradients of minibatches: a rule and its numbers. g is the gradient of a minibatch's mean loss, t the iteration, from 1.</summary>
/// <remarks>
/// Rules and defaults are PyTorch's, except for <see cref="EntropySgd"/>, which it has not. The learning rate α is multiplied by the plan's <see cref="Schedule"/>.
/// State is held in single precision, as the weights are, and goes into checkpoints.
/// </remarks>
[JsonConverter(typeof(Text))]
public abstract record Optimizer
{
    private protected Optimizer()
    {
    }

    /// <summary>α.</summary>
    public double LearningRate { get; init; }

    /// <summary>λ: λ·w is added to every gradient, the gradient of ½λ‖w‖²; see <see cref="AdamW"/>, which does otherwise.</summary>
    public double WeightDecay { get; init; }

    /// <summary>Minibatches an iteration takes.</summary>
    internal virtual int Passes => 1;

    /// <summary>Reads <c>sgd:lr=0.1,momentum=0.9,nesterov</c>, <c>adam:lr=0.001,beta1=0.9</c>, <c>entropy-sgd:lr=1,steps=20,gamma=0.0001,noise=0.0001</c>; docs/training.md has all.</summary>
    /// <exception cref="InputException">There is no such optimizer or setting, or a number is missing or out of range.</exception>
    public static Optimizer Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var optimizer = OptimizerKinds.Text.Parse(text);
        optimizer.Validate();
        return optimizer;
    }

    /// <summary>As <see cref="Parse"/> reads it: the settings that differ from their defaults.</summary>
    public sealed override string ToString() => OptimizerKinds.Text.Print(this);

    /// <exception cref="InputException">A number is out of range.</exception>
    internal virtual void Validate() => OptimizerKinds.Text.Validate(this);

    /// <summary>The rule, before its first step.</summary>
    /// <param name="weights">N, the weights it moves.</param>
    /// <param name="seed">Root of its random streams.</param>
    internal abstract UpdateRule Start(int weights, long seed);

    /// <summary>An optimizer in JSON is its text.</summary>
    private sealed class Text : JsonConverter<Optimizer>
    {
        public override Optimizer Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Parse(reader.GetString() ?? "");

        public override void Write(Utf8JsonWriter writer, Optimizer value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
    }
}
