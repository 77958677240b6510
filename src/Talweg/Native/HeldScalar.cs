using TorchSharp;

namespace Talweg.Native;

/// <summary>Numbers that torch operations may be given safely, because nobody ever frees them.</summary>
/// <remarks>
/// TorchSharp 0.107 hands an operation the native handle of its <see cref="Scalar"/> and does not hold the object: the garbage collector may free the number while
/// the operation still reads it. Under constant collection 55 of 1.6 million <c>a.add_(b, alpha: 3.25)</c> failed or gave another number; none where the scalar was
/// held. So no number is ever converted implicitly, and operations that make a scalar inside are not used, among them <c>a + b</c> and <c>x.square()</c>: write
/// <c>a.add(b, HeldScalar.One)</c> and <c>x.pow(HeldScalar.Two)</c>, and for other numbers <c>using var half = 0.5.ToScalar();</c> around the operation.
/// </remarks>
internal static class HeldScalar
{
    public static readonly Scalar Zero = 0.ToScalar();
    public static readonly Scalar One = 1.ToScalar();
    public static readonly Scalar Two = 2.ToScalar();
    public static readonly Scalar MinusTwo = (-2).ToScalar();
    public static readonly Scalar NegativeInfinity = double.NegativeInfinity.ToScalar();
}
