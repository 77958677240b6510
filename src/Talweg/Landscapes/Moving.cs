using static TorchSharp.torch;

namespace Talweg.Landscapes;

/// <summary>What flows between two layers while weights move along a direction, for many displacements at once.</summary>
/// <param name="Value">[samples, …] as long as nothing has moved, then [displacements · samples, …], displacement by displacement.</param>
/// <param name="Rate">Its derivative by the displacement, likewise; null as long as nothing has moved, and where no slopes are wanted.</param>
/// <param name="Moves">Whether a weight in front of it moves.</param>
internal readonly record struct Moving(Tensor Value, Tensor? Rate, bool Moves)
{
    /// <summary>What no moving weight has touched.</summary>
    public static Moving Still(Tensor value) => new(value, null, Moves: false);

    /// <summary>The same linear map of the value and its rate.</summary>
    public Moving Through(Func<Tensor, Tensor> map) => this with { Value = map(Value), Rate = Rate is null ? null : map(Rate) };
}
