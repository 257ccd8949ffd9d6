Console.WriteLine("adjoint");
