using Talweg.Networks;
using Talweg.Training;

namespace Talweg.Continual;

/// <summary>A way not to forget: what to remember after a task, and, in the memory that this makes, what to add to the loss and its gradient.</summary>
/// <remarks>Its text (<c>ToString</c>) says all that it depends on.</remarks>
public interface IContinualMethod
{
    /// <summary>Whether the trajectory of a task's last epochs must be recorded.</summary>
    bool NeedsWindow => false;

    /// <summary>λ, to which what is added to the loss is proportional; null for methods without.</summary>
    double? Strength => null;

    /// <summary>What sees every step of a task's training; null for nothing.</summary>
    IStepObserver? Observe(WeightSpace space) => null;

    /// <summary>What is remembered after a task.</summary>
    /// <param name="earlier">What was remembered before it; null: nothing.</param>
    /// <param name="task">The task.</param>
    /// <param name="work">Threads, progress, cancellation.</param>
    /// <returns>What is added to the loss of later tasks; null for nothing.</returns>
    IMemory? Remember(IMemory? earlier, LearnedTask task, WorkOptions work);
}
